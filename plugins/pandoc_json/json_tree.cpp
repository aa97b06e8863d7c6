// SPDX-License-Identifier: Apache-2.0
// One pass of simdjson over the file, which checks it whole; the places come from the bytes of its tokens.
#include "json_tree.hpp"

#include <simdjson.h>

#include <algorithm>

namespace pandoc_json {

namespace od = simdjson::ondemand;

class json_tree_builder {
 public:
  json_tree_builder(json_tree &tree, const char *base) : tree_(tree), base_(base) {}

  void parse(simdjson::padded_string_view bytes) {
    od::parser parser;
    od::document document;
    // simdjson counts the root too, and looks one deeper than it opens.
    if (auto error = parser.allocate(bytes.size(), max_json_depth + 8)) fail(error, 0);
    if (auto error = parser.iterate(bytes).get(document)) fail(error, 0);
    try {
      od::value root;
      // A value of its own type cannot stand for a lone string or number; pandoc's documents are objects anyway.
      if (auto error = document.get_value().get(root)) fail(error, 0);
      value(root, 0);
      const std::string_view after = std::string_view(base_, bytes.size()).substr(end_);
      if (after.find_first_not_of(" \t\r\n") != std::string_view::npos) fail("something follows the value", end_);
    } catch (const simdjson::simdjson_error &error) {
      const char *where = nullptr;
      if (document.current_location().get(where) != simdjson::SUCCESS) where = nullptr;
      fail(error.error(), where == nullptr ? end_ : static_cast<uint64_t>(where - base_));
    }
  }

 private:
  [[noreturn]] static void fail(const std::string &what, uint64_t at) { throw json_error(what, at); }
  [[noreturn]] static void fail(simdjson::error_code error, uint64_t at) {
    switch (error) {
      case simdjson::EMPTY: fail("the file is empty", at);
      case simdjson::UTF8_ERROR: fail("it is not UTF-8", at);
      case simdjson::UNESCAPED_CHARS: fail("a string holds a control character that is not escaped", at);
      case simdjson::UNCLOSED_STRING: fail("a string does not end", at);
      case simdjson::STRING_ERROR: fail("an escape in a string means nothing", at);
      case simdjson::CAPACITY: fail("the file is larger than 4 GiB", at);
      case simdjson::DEPTH_ERROR: fail("more than " + std::to_string(max_json_depth) + " brackets are open (limit: JSON depth)", at);
      case simdjson::SCALAR_DOCUMENT_AS_VALUE: fail("it begins with neither { nor [", at);
      case simdjson::TAPE_ERROR: fail("a bracket, comma, colon or value is not where JSON has one", at);
      case simdjson::INCORRECT_TYPE: fail("a word is none of true, false and null", at);
      case simdjson::NUMBER_ERROR: fail("a number is not written as JSON has them, or too large", at);
      default: fail(std::string("it is no JSON: ") + simdjson::error_message(error), at);
    }
  }

  uint32_t add(json_tree::type type, uint64_t begin, uint64_t end, bool is_escaped = false) {
    auto &entries = tree_.entries_;
    if (entries.size() >= max_json_values)
      fail("it has more than " + std::to_string(max_json_values) + " values (limit: JSON values)", begin);
    entries.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(end), 0, type, is_escaped});
    entries.back().next = static_cast<uint32_t>(entries.size());
    return static_cast<uint32_t>(entries.size() - 1);
  }
  void close(uint32_t index, char bracket) {
    // simdjson has seen the bracket: only blanks stand before it.
    while (base_[end_] != bracket) ++end_;
    tree_.entries_[index].end = static_cast<uint32_t>(++end_);
    tree_.entries_[index].next = static_cast<uint32_t>(tree_.entries_.size());
  }
  void string(const char *first) {
    bool is_escaped = false;
    const char *last = first;
    for (; *last != '"'; ++last)
      if (*last == '\\') is_escaped = true, ++last;
    end_ = static_cast<uint64_t>(last - base_) + 1;
    add(json_tree::type::string, static_cast<uint64_t>(first - base_), end_ - 1, is_escaped);
  }
  void plain(od::value v, json_tree::type type) {
    std::string_view token = v.raw_json_token();
    token = token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
    const auto begin = static_cast<uint64_t>(token.data() - base_);
    add(type, begin, begin + token.size());
    end_ = begin + token.size();
  }

  void value(od::value v, uint32_t depth) {
    if (depth > max_json_depth) fail(simdjson::DEPTH_ERROR, end_);
    switch (v.type()) {
      case od::json_type::object: {
        const std::string_view token = v.raw_json_token();
        const auto begin = static_cast<uint64_t>(token.data() - base_);
        const uint32_t self = add(json_tree::type::object, begin, begin);
        end_ = begin + 1;
        for (auto field : od::object(v.get_object())) {
          od::raw_json_string key = field.key();
          // Resolving the key is what checks its escapes.
          (void)std::string_view(field.unescaped_key());
          string(key.raw());
          value(field.value(), depth + 1);
        }
        return close(self, '}');
      }
      case od::json_type::array: {
        const std::string_view token = v.raw_json_token();
        const auto begin = static_cast<uint64_t>(token.data() - base_);
        const uint32_t self = add(json_tree::type::array, begin, begin);
        end_ = begin + 1;
        for (auto item : od::array(v.get_array())) value(item.value(), depth + 1);
        return close(self, ']');
      }
      case od::json_type::string: {
        const char *first = v.raw_json_token().data() + 1;
        (void)std::string_view(v.get_string());
        return string(first);
      }
      case od::json_type::number:
        plain(v, json_tree::type::number);
        (void)od::number(v.get_number());
        return;
      case od::json_type::boolean:
        plain(v, json_tree::type::boolean);
        (void)bool(v.get_bool());
        return;
      case od::json_type::null:
        plain(v, json_tree::type::null);
        if (!v.is_null()) fail(simdjson::N_ATOM_ERROR, end_);
        return;
    }
  }

  json_tree &tree_;
  const char *base_;
  uint64_t end_ = 0;  // of what was read last
};

json_tree::json_tree(std::string_view bytes) : bytes_(bytes) {
  const simdjson::padded_string padded(bytes);
  json_tree_builder(*this, padded.data()).parse(padded);
}

json_value json_value::operator[](std::string_view key) const {
  if (!is_object()) return {};
  for (uint32_t k = index_ + 1; k < self().next; k = tree_->at(k + 1).next) {
    const json_value name(*tree_, k);
    if (tree_->at(k).is_escaped ? name.text() == key : name.raw() == key) return {*tree_, k + 1};
  }
  return {};
}

json_value json_value::operator[](size_t number) const {
  if (!is_array()) return {};
  for (uint32_t k = index_ + 1; k < self().next; k = tree_->at(k).next)
    if (number-- == 0) return {*tree_, k};
  return {};
}

std::vector<json_value> json_value::items() const {
  std::vector<json_value> found;
  if (is_array())
    for (uint32_t k = index_ + 1; k < self().next; k = tree_->at(k).next) found.emplace_back(*tree_, k);
  return found;
}

std::vector<json_value::member> json_value::members() const {
  std::vector<member> found;
  if (is_object())
    for (uint32_t k = index_ + 1; k < self().next; k = tree_->at(k + 1).next)
      found.push_back({json_value(*tree_, k).text(), {*tree_, k + 1}});
  return found;
}

std::string json_value::text() const {
  std::string made;
  each_piece([&](std::string_view bytes, uint64_t, uint64_t) { made += bytes; });
  return made;
}

std::string resolve_escape(std::string_view raw, size_t &at) {
  auto hexadecimal = [&](size_t from) {
    uint32_t code = 0;
    for (char c : raw.substr(from, 4))
      code = code * 16 + static_cast<uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    return code;
  };
  const char kind = raw[at + 1];
  at += 2;
  if (kind != 'u') {
    constexpr std::string_view names = "bfnrt", values = "\b\f\n\r\t";
    const size_t which = names.find(kind);
    return {which == std::string_view::npos ? kind : values[which]};
  }
  uint32_t code = hexadecimal(at);
  at += 4;
  // The parser has refused halves of a pair that stand alone.
  if (code >= 0xD800 && code < 0xDC00) {
    code = 0x10000 + ((code - 0xD800) << 10) + (hexadecimal(at + 2) - 0xDC00);
    at += 6;
  }
  if (code < 0x80) return {static_cast<char>(code)};
  auto tail = [&](int shift) { return static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x800) return {static_cast<char>(0xC0 | code >> 6), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0 | code >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | code >> 18), tail(12), tail(6), tail(0)};
}

}  // namespace pandoc_json

// SPDX-License-Identifier: Apache-2.0
// Reads the text dump of a document back, line by line.
#include <nettle/base64.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "host/document/dump.hpp"
#include "host/document/dump_words.hpp"
#include "host/document/tree_writer.hpp"
#include "host/document/validate.hpp"

namespace calque::host {
namespace {

/// Thrown and caught in this file only.
struct syntax_error {
  std::string message;
};

/// The rest of one line, taken piece by piece. Pieces stand one blank apart.
class line_cursor {
 public:
  explicit line_cursor(std::string_view rest) : rest_(rest) {}

  bool at_end() const { return rest_.empty(); }
  bool sees(std::string_view text) const { return rest_.starts_with(text); }
  bool accept(std::string_view text) {
    if (!sees(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  void expect(std::string_view text) {
    if (!accept(text)) throw syntax_error{"expected \"" + std::string(text) + "\""};
  }
  void expect_end() const {
    if (!at_end()) throw syntax_error{"\"" + std::string(rest_.substr(0, 20)) + "\" is not expected here"};
  }

  uint64_t number(uint64_t most = UINT64_MAX) {
    uint64_t value = 0;
    size_t digits = 0;
    for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
      const auto digit = static_cast<uint64_t>(rest_[digits] - '0');
      if (value > (most - digit) / 10) throw syntax_error{"a number is too big"};
      value = value * 10 + digit;
    }
    if (digits == 0) throw syntax_error{"expected a number"};
    rest_.remove_prefix(digits);
    return value;
  }
  uint32_t number32() { return static_cast<uint32_t>(number(UINT32_MAX)); }

  /// A plain word or one in quotes.
  std::string word() {
    if (sees("\"")) return quoted();
    size_t size = 0;
    while (size < rest_.size() && is_word_byte(rest_[size])) ++size;
    if (size == 0) throw syntax_error{"expected a word"};
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }

  std::string quoted() {
    expect("\"");
    std::string text;
    while (!accept("\"")) {
      if (at_end()) throw syntax_error{"a quotation mark is missing"};
      if (accept("\\")) {
        escape(text);
        continue;
      }
      text += rest_.front();
      rest_.remove_prefix(1);
    }
    return text;
  }

  uint32_t hex(size_t most_digits) {
    uint32_t value = 0;
    size_t digits = 0;
    for (; digits < rest_.size() && digits < most_digits; ++digits) {
      const char c = rest_[digits];
      if (c >= '0' && c <= '9')
        value = value * 16 + static_cast<uint32_t>(c - '0');
      else if (c >= 'a' && c <= 'f')
        value = value * 16 + static_cast<uint32_t>(c - 'a') + 10;
      else
        break;
    }
    if (digits == 0) throw syntax_error{"expected hexadecimal digits"};
    rest_.remove_prefix(digits);
    return value;
  }

  std::string_view rest() const { return rest_; }

 private:
  void escape(std::string &text) {
    static constexpr std::string_view letters = "ntr\"\\", meanings = "\n\t\r\"\\";
    const size_t known = at_end() ? std::string_view::npos : letters.find(rest_.front());
    if (known != std::string_view::npos) {
      text += meanings[known];
      rest_.remove_prefix(1);
    } else if (accept("u{")) {
      const uint32_t c = hex(6);
      expect("}");
      if (!U_IS_UNICODE_CHAR(c) && (c > 0x10ffff || U_IS_SURROGATE(c))) throw syntax_error{"no such code point"};
      char bytes[U8_MAX_LENGTH];
      size_t size = 0;
      U8_APPEND_UNSAFE(bytes, size, c);
      text.append(bytes, size);
    } else {
      expect("x");
      text += static_cast<char>(hex(2));
    }
  }

  std::string_view rest_;
};

class dump_reader {
 public:
  explicit dump_reader(std::string_view text) : text_(text) {}

  result<document> read() {
    try {
      head();
      while (line_.sees("source ")) source();
      tree();
      while (line_.sees("layer ")) layer();
      origins();
      while (line_.sees("resource ")) resource();
      if (!is_done_) throw syntax_error{"this line is not expected here"};
    } catch (const syntax_error &e) {
      diagnostic d = error("dump.syntax", "line " + std::to_string(line_number_) + ": " + e.message,
                           "docs/document-model.md describes the notation");
      d.where.line = line_number_;
      return d;
    }
    sections_.sources = std::make_shared<const std::vector<source_data>>(std::move(sources_));
    sections_.resources = std::make_shared<const std::vector<resource_data>>(std::move(resources_));
    document made(std::move(sections_));
    if (const auto checked = validate(made, check_level::full); !checked) return checked.error();
    return made;
  }

 private:
  /// Goes to the next line that is not blank.
  void next_line() {
    while (at_ < text_.size()) {
      const size_t end = std::min(text_.find('\n', at_), text_.size());
      const std::string_view line = text_.substr(at_, end - at_);
      at_ = end + 1;
      ++line_number_;
      if (line.find_first_not_of(' ') == std::string_view::npos) continue;
      line_ = line_cursor(line);
      return;
    }
    line_ = line_cursor({});
    is_done_ = true;
  }

  void head() {
    if (text_.size() >= UINT32_MAX) throw syntax_error{"the dump is too long"};
    next_line();
    line_.expect("calque-dump ");
    if (line_.number() != CALQUE_MODEL) throw syntax_error{"this version reads model " + std::to_string(CALQUE_MODEL)};
    next_line();
    line_.expect("next node ");
    sections_.next_node_id = line_.number32();
    line_.expect(" annotation ");
    sections_.next_annotation_id = line_.number32();
    next_line();
  }

  void source() {
    source_data made;
    line_.expect("source ");
    if (line_.number() != sources_.size()) throw syntax_error{"sources are numbered from 0"};
    if (line_.accept(" in ")) made.parent = line_.number32();
    line_.expect(" ");
    made.name = line_.quoted();
    line_.expect(" type=");
    made.media_type = line_.word();
    line_.expect(" encoding=");
    made.encoding = line_.word();
    line_.expect(" size=");
    made.size = line_.number();
    line_.expect(" sha256=");
    for (uint8_t &byte : made.sha256) byte = static_cast<uint8_t>(line_.hex(2));
    line_.expect_end();
    sources_.push_back(std::move(made));
    next_line();
  }

  /// The root and all lines that are deeper.
  void tree() {
    line_.expect("document #");
    tree_writer tree(line_.number32());
    attributes(tree);
    line_.expect_end();
    next_line();
    while (line_.sees("  ")) {
      size_t depth = 0;
      while (line_.accept("  ")) ++depth;
      if (depth > tree.depth()) throw syntax_error{"this line is deeper than what it could belong to"};
      while (tree.depth() > depth) tree.close();
      node(tree);
      next_line();
    }
    node_text_.reserve(tree.node_count());
    tree.finish(sections_);
    const node_columns &nodes = *sections_.nodes;
    for (uint32_t i = 0; i < nodes.count(); ++i)
      node_text_.emplace(nodes.id[i], text_span{nodes.text_begin[i], nodes.text_end[i]});
  }

  void node(tree_writer &tree) {
    const std::string name = line_.word();
    uint16_t kind = core_kind(name);
    if (kind == CALQUE_KIND_NAMED) {
      if (!is_kind_name(name)) throw syntax_error{"there is no kind \"" + name + "\""};
      const auto number = tree.named_kind(name);
      if (!number) throw syntax_error{"there are too many names"};
      kind = *number;
    }
    line_.expect(" #");
    const uint32_t id = line_.number32();
    const bool is_leaf = kind_class(kind) == CALQUE_CLASS_LEAF;
    if (is_leaf)
      tree.leaf(kind, id, {});
    else
      tree.open(kind, id);
    attributes(tree);
    if (is_leaf) {
      line_.expect(" ");
      tree.append(line_.quoted());
    }
    line_.expect_end();
  }

  void attributes(tree_writer &tree) {
    // A value in quotes without a key is a leaf's text; a key in quotes has `=` behind it.
    while (line_.sees(" ")) {
      line_cursor ahead = line_;
      ahead.expect(" ");
      const std::string key = ahead.word();
      if (!ahead.accept("=")) return;
      if (!tree.attr(key, ahead.quoted())) throw syntax_error{"the node has \"" + key + "\" already"};
      line_ = ahead;
    }
  }

  void layer() {
    line_.expect("layer ");
    const std::string name = line_.word();
    line_.expect(" by ");
    const std::string stage = line_.word();
    const uint32_t on_change = line_.accept(" follow") ? CALQUE_FOLLOW
                               : line_.accept(" drop") ? CALQUE_DROP
                                                       : (line_.expect(" forbid"), CALQUE_FORBID);
    line_.expect_end();
    next_line();
    string_pool pool;
    annotation_columns columns;
    while (line_.accept("  #")) {
      annotation(columns, pool);
      next_line();
    }
    for (uint32_t &at : columns.value_begin) at += pool.value_base();
    for (uint32_t &at : columns.value_end) at += pool.value_base();
    sections_.layers.push_back(std::make_shared<const layer_data>(name, stage, on_change, std::move(columns),
                                                                  pool.name_end(), pool.take_strings()));
  }

  void annotation(annotation_columns &c, string_pool &pool) {
    const uint32_t index = c.count();
    c.id.push_back(line_.number32());
    line_.expect(" ");
    c.kind.push_back(pool.name(line_.word()));
    text_span span;
    uint32_t node = CALQUE_NONE;
    uint8_t side = CALQUE_AFTER;
    if (line_.accept(" on #")) {
      node = line_.number32();
      const auto found = node_text_.find(node);
      if (found == node_text_.end()) throw syntax_error{"there is no node #" + std::to_string(node)};
      span = found->second;
    } else {
      line_.expect(" ");
      span.begin = span.end = line_.number32();
      if (line_.accept(".."))
        span.end = line_.number32();
      else if (!line_.accept(" after"))
        line_.expect(" before"), side = CALQUE_BEFORE;
    }
    c.begin.push_back(span.begin);
    c.end.push_back(span.end);
    c.node.push_back(node);
    c.side.push_back(side);
    c.state.push_back(line_.accept(" moved") ? CALQUE_MOVED : line_.accept(" stale") ? CALQUE_STALE : CALQUE_INTACT);
    while (!line_.at_end() && !line_.sees(" | ")) value(c, pool, index);
  }

  void value(annotation_columns &c, string_pool &pool, uint32_t annotation) {
    line_.expect(" ");
    const uint32_t key = pool.name(line_.word());
    line_.expect("=");
    uint8_t type = CALQUE_VALUE_TEXT;
    std::string text;
    if (line_.sees("\"")) {
      text = line_.quoted();
    } else {
      const std::string name = line_.word();
      const auto *known = std::find(std::begin(value_type_names), std::end(value_type_names), name);
      if (known == std::end(value_type_names)) throw syntax_error{"there is no type \"" + name + "\""};
      type = static_cast<uint8_t>(known - std::begin(value_type_names));
      line_.expect("(");
      text = line_.word();
      line_.expect(")");
    }
    const auto range = pool.value(text);
    c.value_of.push_back(annotation);
    c.value_key.push_back(key);
    c.value_begin.push_back(range[0]);
    c.value_end.push_back(range[1]);
    c.value_type.push_back(type);
  }

  void origins() {
    origin_columns runs;
    uint32_t text_end = 0;
    while (line_.accept("origin ")) {
      if (line_.number() != text_end) throw syntax_error{"runs follow each other"};
      runs.text_begin.push_back(text_end);
      line_.expect("..");
      text_end = line_.number32();
      runs.exact.push_back(line_.accept(" = ") ? 1 : (line_.expect(" ~ "), 0));
      runs.source.push_back(line_.number32());
      line_.expect(":");
      runs.begin.push_back(line_.number());
      line_.expect("..");
      runs.end.push_back(line_.number());
      line_.expect_end();
      next_line();
    }
    if (text_end != sections_.text->size()) throw syntax_error{"the origins before this line do not cover the text"};
    sections_.origins = std::make_shared<const origin_columns>(std::move(runs));
  }

  void resource() {
    resource_data made;
    line_.expect("resource ");
    made.name = line_.quoted();
    line_.expect(" type=");
    made.media_type = line_.word();
    line_.expect(" size=");
    const uint64_t size = line_.number();
    line_.expect_end();
    next_line();
    while (line_.accept("  ")) {
      const std::string_view line = line_.rest();
      if (line.size() > 76) throw syntax_error{"a line of base64 has at most 76 characters"};
      uint8_t bytes[BASE64_DECODE_LENGTH(76)];
      size_t size_of_line = sizeof bytes;
      base64_decode_ctx decoder;
      base64_decode_init(&decoder);
      if (base64_decode_update(&decoder, &size_of_line, bytes, line.size(), line.data()) == 0 ||
          base64_decode_final(&decoder) == 0)
        throw syntax_error{"expected base64"};
      made.bytes.append(reinterpret_cast<const char *>(bytes), size_of_line);
      next_line();
    }
    if (made.bytes.size() != size) throw syntax_error{"the resource before this line has another size"};
    resources_.push_back(std::move(made));
  }

  std::string_view text_;
  size_t at_ = 0;
  uint32_t line_number_ = 0;
  bool is_done_ = false;
  line_cursor line_{{}};

  document_sections sections_;
  std::vector<source_data> sources_;
  std::vector<resource_data> resources_;
  std::unordered_map<uint32_t, text_span> node_text_;
};

}  // namespace

result<document> parse_dump(std::string_view text) {
  return dump_reader(text).read();
}

}  // namespace calque::host

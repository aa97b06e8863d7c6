// SPDX-License-Identifier: Apache-2.0
// One line of JSON as a flat tree, in memory that the next line uses again.
#include "host/records/json_line.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cmath>

namespace calque::host {

struct json_line::parser {
  simdjson::dom::parser parse;
};

json_line::json_line() : parser_(std::make_unique<parser>()) {}
json_line::json_line(json_line &&) noexcept = default;
json_line::~json_line() = default;

class json_line::builder {
 public:
  explicit builder(json_line &to) : to_(to) {}

  /// False when there are more values than any record has.
  bool add(simdjson::dom::element value, std::string_view key) {
    if (to_.nodes_.size() >= most_values) return false;
    const auto at = to_.nodes_.size();
    node &added = to_.nodes_.emplace_back();
    keep(key, added.key_begin, added.key_size);
    using type = simdjson::dom::element_type;
    switch (value.type()) {
      case type::OBJECT: {
        added.what = kind::object;
        list in{at};
        for (const auto &[name, member] : simdjson::dom::object(value))
          if (!add_to(in, member, name)) return false;
        return true;
      }
      case type::ARRAY: {
        added.what = kind::array;
        list in{at};
        for (const auto item : simdjson::dom::array(value))
          if (!add_to(in, item, {})) return false;
        return true;
      }
      case type::STRING:
        added.what = kind::text;
        keep(std::string_view(value), added.text_begin, added.text_size);
        return true;
      case type::INT64: return set(added, kind::integer, static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0)));
      case type::UINT64: return set(added, kind::integer, std::uint64_t(value));
      case type::BOOL: return set(added, kind::boolean, bool(value) ? 1 : 0);
      case type::DOUBLE:
        added.what = kind::real;
        added.real = double(value);
        return true;
      case type::NULL_VALUE: return true;
    }
    return false;
  }

 private:
  struct list {
    std::size_t parent, last = 0;
  };

  bool add_to(list &in, simdjson::dom::element value, std::string_view key) {
    const std::size_t at = to_.nodes_.size();
    if (!add(value, key)) return false;
    (in.last == 0 ? to_.nodes_[in.parent].first : to_.nodes_[in.last].next) = static_cast<std::uint32_t>(at);
    in.last = at;
    return true;
  }

  static bool set(node &added, kind what, std::uint64_t value) {
    added.what = what;
    added.integer = value;
    return true;
  }

  void keep(std::string_view bytes, std::uint32_t &begin, std::uint32_t &size) {
    begin = static_cast<std::uint32_t>(to_.text_.size());
    size = static_cast<std::uint32_t>(bytes.size());
    to_.text_.append(bytes);
  }

  json_line &to_;
};

bool json_line::parse(std::string_view line) {
  nodes_.clear();
  text_.clear();
  auto &parse = parser_->parse;
  if (line.size() > parse.capacity() && parse.allocate(line.size(), most_depth) != simdjson::SUCCESS) return false;
  simdjson::dom::element root;
  if (parse.parse(line.data(), line.size()).get(root) == simdjson::SUCCESS && builder(*this).add(root, {})) return true;
  nodes_.clear();
  return false;
}

bool json_value::is_object() const {
  return is_there() && line_->nodes_[at_].what == json_line::kind::object;
}

bool json_value::is_array() const {
  return is_there() && line_->nodes_[at_].what == json_line::kind::array;
}

bool json_value::is_number() const {
  return is_there() &&
         (line_->nodes_[at_].what == json_line::kind::integer || line_->nodes_[at_].what == json_line::kind::real);
}

json_value json_value::operator[](std::string_view key) const {
  if (!is_object()) return {};
  for (json_value member = first(); member.is_there(); member = member.next())
    if (member.key() == key) return member;
  return {};
}

std::string_view json_value::key() const {
  if (!is_there()) return {};
  const auto &node = line_->nodes_[at_];
  return std::string_view(line_->text_).substr(node.key_begin, node.key_size);
}

std::string_view json_value::text() const {
  if (!is_there()) return {};
  const auto &node = line_->nodes_[at_];
  return std::string_view(line_->text_).substr(node.text_begin, node.text_size);
}

double json_value::number() const {
  if (!is_there()) return 0;
  const auto &node = line_->nodes_[at_];
  if (node.what == json_line::kind::integer) return static_cast<double>(node.integer);
  return node.what == json_line::kind::real && std::isfinite(node.real) && node.real > 0 ? node.real : 0;
}

std::uint64_t json_value::count() const {
  if (!is_there()) return 0;
  const auto &node = line_->nodes_[at_];
  if (node.what == json_line::kind::integer) return node.integer;
  // 2^63 and more have no exact place in the records; the cast must be defined for them all the same.
  const double value = number();
  return value < 9.2e18 ? static_cast<std::uint64_t>(value) : 0;
}

bool json_value::flag() const {
  return is_there() && line_->nodes_[at_].what == json_line::kind::boolean && line_->nodes_[at_].integer != 0;
}

json_value json_value::first() const {
  if (!is_there() || line_->nodes_[at_].first == 0) return {};
  return {line_, line_->nodes_[at_].first};
}

json_value json_value::next() const {
  if (!is_there() || line_->nodes_[at_].next == 0) return {};
  return {line_, line_->nodes_[at_].next};
}

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// One line of JSON as a flat tree, in memory that the next line uses again.
#include "host/records/json_line.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace calque::host {

struct json_line::builder {
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;

  explicit builder(json_line &to) : to(to) {}

  bool null() { return add(kind::null) != nullptr; }
  bool boolean(bool value) { return integer_of(kind::boolean, value ? 1 : 0); }
  bool number_integer(number_integer_t value) {
    return integer_of(kind::integer, value < 0 ? 0 : static_cast<std::uint64_t>(value));
  }
  bool number_unsigned(number_unsigned_t value) { return integer_of(kind::integer, value); }
  bool number_float(number_float_t value, const std::string &) {
    node *added = add(kind::real);
    if (added == nullptr) return false;
    added->real = value;
    return true;
  }
  bool string(std::string &value) {
    node *added = add(kind::text);
    if (added == nullptr) return false;
    keep(value, added->text_begin, added->text_size);
    return true;
  }
  bool binary(nlohmann::json::binary_t &) { return false; }
  bool start_object(std::size_t) { return open(kind::object); }
  bool start_array(std::size_t) { return open(kind::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string &name) {
    keep(name, key_begin, key_size);
    return true;
  }
  bool parse_error(std::size_t, const std::string &, const nlohmann::json::exception &) { return false; }

 private:
  struct level {
    std::uint32_t parent = 0, last = 0;
  };

  void keep(std::string_view bytes, std::uint32_t &begin, std::uint32_t &size) {
    begin = static_cast<std::uint32_t>(to.text_.size());
    size = static_cast<std::uint32_t>(bytes.size());
    to.text_.append(bytes);
  }

  node *add(kind what) {
    if (to.nodes_.size() >= most_values) return nullptr;
    const auto at = static_cast<std::uint32_t>(to.nodes_.size());
    node &added = to.nodes_.emplace_back();
    added.what = what;
    if (!open_.empty()) {
      level &in = open_.back();
      (in.last == 0 ? to.nodes_[in.parent].first : to.nodes_[in.last].next) = at;
      in.last = at;
      added.key_begin = key_begin;
      added.key_size = key_size;
      key_size = 0;
    }
    return &added;
  }

  bool integer_of(kind what, std::uint64_t value) {
    node *added = add(what);
    if (added == nullptr) return false;
    added->integer = value;
    return true;
  }

  bool open(kind what) {
    if (open_.size() >= most_depth || add(what) == nullptr) return false;
    open_.push_back({static_cast<std::uint32_t>(to.nodes_.size() - 1), 0});
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  json_line &to;
  std::vector<level> open_;
  std::uint32_t key_begin = 0, key_size = 0;
};

bool json_line::parse(std::string_view line) {
  nodes_.clear();
  text_.clear();
  builder build(*this);
  if (nlohmann::json::sax_parse(line.begin(), line.end(), &build)) return true;
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

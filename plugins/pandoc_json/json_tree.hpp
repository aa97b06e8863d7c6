// SPDX-License-Identifier: Apache-2.0
// JSON as a flat tree of values, each with its bytes in the file: what gives every word of the text its place.
#pragma once

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace pandoc_json {

/// What is wrong with the JSON, and where.
struct json_error : std::runtime_error {
  json_error(const std::string &what, uint64_t where) : std::runtime_error(what), at(where) {}
  uint64_t at;
};

/// Brackets that may be open at once; a block of pandoc's takes up to three.
constexpr uint32_t max_json_depth = 1000;
/// Values in a file; each takes 24 bytes here.
constexpr uint32_t max_json_values = 16'000'000;

class json_tree {
 public:
  enum class type : uint8_t { object, array, string, number, boolean, null };

  /// One value, or a key of an object: its value follows.
  struct entry {
    uint32_t begin, end;  // bytes in the file; of a string: without the quotation marks
    uint32_t next;        // the entry after all that is within
    json_tree::type type;
    bool is_escaped;  // a string that holds a backslash
  };

  /// Parses all of it, or throws json_error: text that is no JSON, or a limit of the above.
  explicit json_tree(std::string_view bytes);

  std::string_view bytes() const { return bytes_; }
  const entry &at(uint32_t index) const { return entries_[index]; }

 private:
  friend class json_tree_builder;
  std::string_view bytes_;
  std::vector<entry> entries_;
};

/// A value of a tree, or none: what is asked of none is none, so that a reader checks once, at the end of a path.
class json_value {
 public:
  json_value() = default;
  json_value(const json_tree &tree, uint32_t index) : tree_(&tree), index_(index) {}

  explicit operator bool() const { return tree_ != nullptr; }
  bool is(json_tree::type t) const { return tree_ != nullptr && self().type == t; }
  bool is_object() const { return is(json_tree::type::object); }
  bool is_array() const { return is(json_tree::type::array); }
  bool is_string() const { return is(json_tree::type::string); }
  uint64_t begin() const { return tree_ == nullptr ? 0 : self().begin; }
  uint64_t end() const { return tree_ == nullptr ? 0 : self().end; }
  std::string_view raw() const {
    return tree_ == nullptr ? std::string_view() : tree_->bytes().substr(self().begin, self().end - self().begin);
  }

  /// The member of that name; the first one, where a name is repeated.
  json_value operator[](std::string_view key) const;
  /// The item of that number.
  json_value operator[](size_t number) const;
  std::vector<json_value> items() const;
  struct member;
  std::vector<member> members() const;
  /// A string, its escapes resolved; empty for other values.
  std::string text() const;
  /// Calls f(bytes, begin, end) for each stretch of a string: as it stands, or one escape resolved.
  template <class F>
  void each_piece(F &&f) const;

 private:
  const json_tree::entry &self() const { return tree_->at(index_); }
  const json_tree *tree_ = nullptr;
  uint32_t index_ = 0;
};

struct json_value::member {
  std::string key;
  json_value value;
};

/// The escape that stands at `at`, resolved; `at` is moved behind it.
std::string resolve_escape(std::string_view raw, size_t &at);

template <class F>
void json_value::each_piece(F &&f) const {
  if (!is_string()) return;
  const std::string_view all = raw();
  for (size_t at = 0; at < all.size();) {
    const size_t from = at;
    if (all[at] == '\\') {
      const std::string resolved = resolve_escape(all, at);
      f(std::string_view(resolved), begin() + from, begin() + at);
    } else {
      at = std::min(all.find('\\', at), all.size());
      f(all.substr(from, at - from), begin() + from, begin() + at);
    }
  }
}

}  // namespace pandoc_json

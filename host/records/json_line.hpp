// SPDX-License-Identifier: Apache-2.0
// One line of JSON as a flat tree, in memory that the next line uses again.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calque::host {

class json_line;

/// A value of a line. What is not there, or of another kind than asked for, is an empty text, 0, false, or has no
/// members: records may have been written by a newer program, and nothing in them is worth a failure. Lives as long as
/// the line holds what it was parsed from.
class json_value {
 public:
  bool is_there() const { return line_ != nullptr; }
  bool is_object() const;
  bool is_array() const;
  bool is_number() const;
  /// The member of an object; the first of that name.
  json_value operator[](std::string_view key) const;
  /// The name under which this is a member.
  std::string_view key() const;
  std::string_view text() const;
  /// Never negative, infinite or not a number.
  double number() const;
  std::uint64_t count() const;
  bool flag() const;

  /// Members of an object or items of an array: for (json_value v = x.first(); v.is_there(); v = v.next()).
  json_value first() const;
  json_value next() const;

 private:
  friend class json_line;
  json_value() = default;
  json_value(const json_line *line, std::uint32_t at) : line_(line), at_(at) {}
  const json_line *line_ = nullptr;
  std::uint32_t at_ = 0;
};

class json_line {
 public:
  /// Deeper values and more of them than any record has are refused: the first would overrun the stack of whoever
  /// walks them, the second memory.
  static constexpr std::uint32_t most_depth = 32;
  static constexpr std::uint32_t most_values = 1'000'000;

  json_line();
  json_line(json_line &&) noexcept;
  ~json_line();

  /// False when the line is not one JSON value. What was parsed before is gone in either case.
  bool parse(std::string_view line);
  json_value root() const { return nodes_.empty() ? json_value() : json_value(this, 0); }

 private:
  friend class json_value;
  struct parser;
  class builder;
  enum class kind : std::uint8_t { null, boolean, integer, real, text, array, object };
  struct node {
    kind what = kind::null;
    std::uint32_t key_begin = 0, key_size = 0;
    std::uint32_t text_begin = 0, text_size = 0;
    std::uint64_t integer = 0;
    double real = 0;
    std::uint32_t first = 0, next = 0;  // 0: none; the root is nobody's member
  };
  std::unique_ptr<parser> parser_;
  std::vector<node> nodes_;
  std::string text_;
};

}  // namespace calque::host

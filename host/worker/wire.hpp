// SPDX-License-Identifier: Apache-2.0
// Plain values to bytes and back, for messages and for the state file. Reading trusts nothing.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace calque::host {

/// Appends numbers as they lie in memory (both ends are one build on one machine) and texts with their length.
class wire_writer {
 public:
  template <class Number>
    requires std::is_arithmetic_v<Number> || std::is_enum_v<Number>
  void add(Number number) {
    bytes_.append(reinterpret_cast<const char *>(&number), sizeof number);
  }
  void add(bool) = delete;
  void add_flag(bool flag) { add(static_cast<std::uint8_t>(flag)); }
  void add(std::string_view text) {
    add(static_cast<std::uint64_t>(text.size()));
    bytes_.append(text);
  }
  void add(const std::string &text) { add(std::string_view(text)); }
  template <std::size_t N>
  void add(const std::array<std::uint8_t, N> &fixed) {
    bytes_.append(reinterpret_cast<const char *>(fixed.data()), N);
  }
  /// A count, then each item by `write(item)`.
  template <class List, class Write>
  void add_list(const List &list, Write &&write) {
    add(static_cast<std::uint64_t>(list.size()));
    for (const auto &item : list) write(item);
  }

  const std::string &bytes() const { return bytes_; }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads what a wire_writer wrote. After the first thing that does not fit every read gives nothing, and `is_whole` is
/// false; so a reader of many fields asks once, at its end.
class wire_reader {
 public:
  explicit wire_reader(std::string_view bytes) : rest_(bytes) {}

  template <class Number>
    requires(std::is_arithmetic_v<Number> || std::is_enum_v<Number>) && (!std::is_same_v<Number, bool>)
  Number number() {
    Number value{};
    if (const std::string_view found = take(sizeof value); found.size() == sizeof value)
      std::memcpy(&value, found.data(), sizeof value);
    return value;
  }
  bool flag() { return number<std::uint8_t>() == 1; }
  std::string text() {
    const auto size = number<std::uint64_t>();
    return std::string(take(size));
  }
  template <std::size_t N>
  std::array<std::uint8_t, N> fixed() {
    std::array<std::uint8_t, N> value{};
    if (const std::string_view found = take(N); found.size() == N) std::memcpy(value.data(), found.data(), N);
    return value;
  }
  /// Calls `read` as often as the list has items. An item takes a byte at least, so a false count ends soon.
  template <class Read>
  void list(Read &&read) {
    const auto count = number<std::uint64_t>();
    if (count > rest_.size()) fail();
    for (std::uint64_t k = 0; k < count && !failed_; ++k) read();
  }

  void fail() {
    failed_ = true;
    rest_ = {};
  }
  /// False when something was missing; or, at the end, when bytes are left.
  bool is_sound() const { return !failed_; }
  bool is_whole() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view take(std::uint64_t size) {
    if (failed_ || size > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view found = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return found;
  }

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// JSON onto the end of a text, value by value: a line of the records needs no tree of its own.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace calque::host {

/// Whoever writes takes care that what is begun is ended, and that members have names and items have none.
class json_writer {
 public:
  /// `to` must live as long, and be changed by nobody else meanwhile.
  explicit json_writer(std::string &to) : to_(to) {}

  void begin_object() { begin('{'); }
  void end_object() { to_ += '}'; }
  void begin_array() { begin('['); }
  void end_array() { to_ += ']'; }
  /// Before the value of a member. `name` needs no escapes.
  void name(std::string_view name);

  /// Bytes that are not UTF-8 become U+FFFD.
  void value(std::string_view text);
  void value(bool);
  void value(double);
  void value(std::unsigned_integral auto number) { count(number); }

  void member(std::string_view key, const auto &its) {
    name(key);
    value(its);
  }

 private:
  void separate();
  void begin(char bracket);
  void count(std::uint64_t);

  std::string &to_;
};

}  // namespace calque::host

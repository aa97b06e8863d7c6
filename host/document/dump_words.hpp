// SPDX-License-Identifier: Apache-2.0
// Words of the dump's notation that its writer and its reader share.
#pragma once

#include <string>
#include <string_view>

namespace calque::host {

/// By CALQUE_VALUE_*; text stands in quotes and needs no name.
inline constexpr std::string_view value_type_names[] = {"text", "int", "number", "bool", "ref", "node"};

/// Bytes that a word may have without quotes.
constexpr bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '/' || c == '-' || c == '+' || c == ':';
}

/// `\n`, `\t`, `\r`, `\"`, `\\`, `\u{…}` for code points that would not be seen, `\xNN` for bytes that are not UTF-8.
std::string escaped(std::string_view text);
std::string quoted(std::string_view text);
/// The text itself where it is a plain word, else in quotes.
std::string word(std::string_view text);

}  // namespace calque::host

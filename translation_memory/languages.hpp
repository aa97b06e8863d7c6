// SPDX-License-Identifier: Apache-2.0
// Language tags of memories: their one spelling, and which of them are close enough for each other.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace calque::tm {

/// A BCP 47 tag in its usual case ("EN_us" is "en-US"); nothing when it is none.
inline std::optional<std::string> language_tag(std::string_view written) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; };
  std::string tag;
  bool after_singleton = false;
  for (std::size_t begin = 0; begin <= written.size();) {
    const std::size_t end = std::min(written.find_first_of("-_", begin), written.size());
    const std::size_t length = end - begin;
    if (length == 0 || length > 8) return std::nullopt;
    const std::size_t at = tag.size() + (tag.empty() ? 0 : 1);
    if (!tag.empty()) tag += '-';
    bool letters = true;
    for (const char c : written.substr(begin, length)) {
      if (!is_letter(c) && !is_digit(c)) return std::nullopt;
      letters = letters && is_letter(c);
      tag += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    const bool is_private = length == 1 && (tag[at] == 'x' || tag[at] == 'i');
    if (at == 0 && (!letters || (length == 1 && !is_private))) return std::nullopt;
    if (at > 0 && !after_singleton && letters && length == 4) tag[at] = upper(tag[at]);
    if (at > 0 && !after_singleton && letters && length == 2)
      tag[at] = upper(tag[at]), tag[at + 1] = upper(tag[at + 1]);
    after_singleton = after_singleton || length == 1;
    begin = end + 1;
  }
  if (tag.back() == '-' || (tag.size() == 1)) return std::nullopt;
  return tag;
}

/// Whether one of two tags is the begin of the other, or both are equal: "en" and "en-US". Nothing wanted: all do.
inline bool languages_meet(std::string_view wanted, std::string_view has) {
  const std::string_view shorter = wanted.size() < has.size() ? wanted : has;
  const std::string_view longer = wanted.size() < has.size() ? has : wanted;
  return longer.starts_with(shorter) &&
         (shorter.empty() || longer.size() == shorter.size() || longer[shorter.size()] == '-');
}

}  // namespace calque::tm

// SPDX-License-Identifier: Apache-2.0
// Numbers as they are printed before headings and items: Arabic, Roman, letters.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace calque::plugins {

/// 1 to 9,999 in figures.
inline std::optional<uint32_t> arabic_number(std::string_view text) {
  if (text.empty() || text.size() > 4 || text.find_first_not_of("0123456789") != std::string_view::npos) return {};
  uint32_t value = 0;
  for (const char c : text) value = value * 10 + static_cast<uint32_t>(c - '0');
  return value == 0 ? std::nullopt : std::optional(value);
}

/// A number as Roman numerals in the usual form; upper or lower case, not both.
inline std::string roman_numeral(uint32_t value, bool is_upper) {
  static constexpr std::pair<uint32_t, std::string_view> digits[] = {
      {1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"},
      {40, "XL"},  {10, "X"},   {9, "IX"},  {5, "V"},    {4, "IV"},  {1, "I"}};
  std::string made;
  for (const auto &[of, digit] : digits)
    for (; value >= of; value -= of) made += digit;
  if (!is_upper)
    for (char &c : made) c = static_cast<char>(c | 0x20);
  return made;
}

/// 1 to 399 in Roman numerals, only in the usual form ("IIII" is none).
inline std::optional<uint32_t> roman_number(std::string_view text) {
  if (text.empty() || text.size() > 12) return {};
  const bool is_upper = text.front() < 'a';
  uint32_t value = 0, last = 0;
  for (size_t k = text.size(); k > 0; --k) {
    constexpr std::string_view digits = "ivxlc";
    constexpr uint32_t values[] = {1, 5, 10, 50, 100};
    const size_t at = digits.find(static_cast<char>(text[k - 1] | 0x20));
    if (at == std::string_view::npos) return {};
    value = values[at] < last ? value - values[at] : value + values[at];
    last = std::max(last, values[at]);
  }
  return value > 0 && value < 400 && roman_numeral(value, is_upper) == text ? std::optional(value) : std::nullopt;
}

/// a = 1 to z = 26, upper or lower case.
inline std::optional<uint32_t> letter_number(std::string_view text) {
  if (text.size() != 1 || (text[0] | 0x20) < 'a' || (text[0] | 0x20) > 'z') return {};
  return static_cast<uint32_t>((text[0] | 0x20) - 'a' + 1);
}

}  // namespace calque::plugins

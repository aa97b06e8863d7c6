// SPDX-License-Identifier: Apache-2.0
// The letters of headers: ASCII alone, whatever the locale.
#pragma once

#include <string>
#include <string_view>

namespace calque::plugins::mail {

inline bool is_ascii_blank(char c) {
  return c == ' ' || c == '\t';
}
/// A blank, or a line end within a folded value.
inline bool is_ascii_gap(char c) {
  return is_ascii_blank(c) || c == '\r' || c == '\n';
}
inline std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char &c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return lower;
}
inline bool equal_ascii(std::string_view a, std::string_view b) {
  return a.size() == b.size() && lower_ascii(a) == lower_ascii(b);
}
inline std::string_view trimmed_ascii(std::string_view text) {
  while (!text.empty() && is_ascii_gap(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_ascii_gap(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace calque::plugins::mail

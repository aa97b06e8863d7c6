// SPDX-License-Identifier: Apache-2.0
// Small questions about text in headers: ASCII alone, whatever the locale.
#pragma once

#include <cstddef>
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

/// The front of a text in UTF-8, cut between two characters.
inline std::string shortened(std::string_view text, size_t most) {
  size_t size = text.size() < most ? text.size() : most;
  while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return std::string(text.substr(0, size));
}

}  // namespace calque::plugins::mail

// SPDX-License-Identifier: Apache-2.0
// Questions about single characters of UTF-8 text, and a walk over them.
#pragma once

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace calque::plugins {

/// The character at `at`, which moves behind it; U+FFFD for a byte that begins none.
inline char32_t next_character(std::string_view text, size_t &at) {
  const auto *bytes = reinterpret_cast<const uint8_t *>(text.data());
  if (bytes[at] < 0x80) return bytes[at++];
  // A window of four bytes: ICU's macros count in 32 bits, and a text may be longer.
  const uint8_t *window = bytes + at;
  const int32_t length = static_cast<int32_t>(text.size() - at < 4 ? text.size() - at : 4);
  int32_t i = 0;
  UChar32 c = 0;
  U8_NEXT(window, i, length, c);
  at += static_cast<size_t>(i);
  return c < 0 ? 0xfffd : static_cast<char32_t>(c);
}

/// The character that ends at `end`, or 0 at the front of the text; `end` moves before it.
inline char32_t previous_character(std::string_view text, size_t &end) {
  if (end == 0) return 0;
  size_t begin = end - 1;
  while (begin > 0 && end - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xc0) == 0x80) --begin;
  end = begin;
  size_t at = begin;
  return next_character(text, at);
}
inline char32_t first_character(std::string_view text) {
  size_t at = 0;
  return text.empty() ? 0 : next_character(text, at);
}
inline char32_t last_character(std::string_view text) {
  size_t end = text.size();
  return previous_character(text, end);
}

inline void append(std::string &text, char32_t c) {
  uint8_t bytes[4];
  int32_t n = 0;
  U8_APPEND_UNSAFE(bytes, n, c);
  text.append(reinterpret_cast<const char *>(bytes), static_cast<size_t>(n));
}

/// Blanks of a line: every space of Unicode, tabs and form feeds, but no line end.
inline bool is_blank(char32_t c) {
  return c == ' ' || c == '\t' || c == '\f' || c == '\v' ||
         (c >= 0x80 && u_charType(static_cast<UChar32>(c)) == U_SPACE_SEPARATOR);
}
/// Characters that show nothing: soft hyphens, zero-width marks, byte-order marks.
inline bool is_invisible(char32_t c) {
  return c >= 0x80 && u_charType(static_cast<UChar32>(c)) == U_FORMAT_CHAR;
}
inline bool is_word(char32_t c) {
  return c < 0x80 ? (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
                  : u_isalnum(static_cast<UChar32>(c)) || (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK) != 0;
}
inline bool is_letter(char32_t c) {
  return u_isalpha(static_cast<UChar32>(c));
}
inline bool is_lower(char32_t c) {
  return u_islower(static_cast<UChar32>(c));
}
/// Upper or title case.
inline bool is_upper(char32_t c) {
  return u_isupper(static_cast<UChar32>(c)) || u_istitle(static_cast<UChar32>(c));
}
/// A letter of a script without case: Han, Hebrew, Arabic, Thai …
inline bool is_caseless(char32_t c) {
  return is_letter(c) && !is_lower(c) && !is_upper(c);
}
/// Scripts that put no blank between words.
inline bool is_unspaced(char32_t c) {
  return (c >= 0x2e80 && c < 0xac00) || (c >= 0xf900 && c < 0xfb00) || (c >= 0xff00 && c < 0xfff0) ||
         (c >= 0x20000 && c < 0x40000) || (c >= 0x0e00 && c < 0x0f00);
}

/// `text` without blanks and invisible characters at its ends.
inline std::string_view trimmed(std::string_view text) {
  size_t begin = 0, end = text.size();
  for (size_t at = 0; at < end; begin = at) {
    const char32_t c = next_character(text, at);
    if (!is_blank(c) && !is_invisible(c)) break;
  }
  while (end > begin) {
    size_t before = end;
    const char32_t c = previous_character(text, before);
    if (!is_blank(c) && !is_invisible(c)) break;
    end = before;
  }
  return text.substr(begin, end - begin);
}

/// What is compared when looks do not matter: case folded, blanks as one space, invisible characters left out.
inline std::string folded(std::string_view text) {
  std::string out;
  bool blank = false;
  for (size_t at = 0; at < text.size();) {
    const char32_t c = next_character(text, at);
    if (is_invisible(c)) continue;
    if (is_blank(c) || c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029) {
      blank = !out.empty();
      continue;
    }
    if (blank) out += ' ';
    blank = false;
    append(out, static_cast<char32_t>(u_foldCase(static_cast<UChar32>(c), U_FOLD_CASE_DEFAULT)));
  }
  return out;
}

}  // namespace calque::plugins

// SPDX-License-Identifier: Apache-2.0
// Letters and words of UTF-8 text, by Unicode properties and never by locale.
#pragma once

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace calque::common {

/// The code point at `at`, which moves past it; U+FFFD for bytes that are none. `at` must be below text.size().
inline UChar32 next_letter(std::string_view text, size_t &at) {
  auto i = static_cast<int64_t>(at);
  UChar32 c = 0;
  U8_NEXT_OR_FFFD(reinterpret_cast<const uint8_t *>(text.data()), i, static_cast<int64_t>(text.size()), c);
  at = static_cast<size_t>(i);
  return c;
}
/// The code point before `at`, which moves to its begin. `at` must be above 0.
inline UChar32 previous_letter(std::string_view text, size_t &at) {
  auto i = static_cast<int64_t>(at);
  UChar32 c = 0;
  U8_PREV_OR_FFFD(reinterpret_cast<const uint8_t *>(text.data()), 0, i, c);
  at = static_cast<size_t>(i);
  return c;
}
inline UChar32 first_letter(std::string_view text) {
  size_t at = 0;
  return text.empty() ? 0 : next_letter(text, at);
}
inline UChar32 last_letter(std::string_view text) {
  size_t at = text.size();
  return text.empty() ? 0 : previous_letter(text, at);
}

inline bool is_blank(UChar32 c) {
  return u_isUWhiteSpace(c) != 0;
}
inline bool is_letter(UChar32 c) {
  return u_isUAlphabetic(c) != 0;
}
inline bool is_digit(UChar32 c) {
  return u_isdigit(c) != 0;
}
inline bool is_capital(UChar32 c) {
  return u_isUUppercase(c) != 0 || u_istitle(c) != 0;
}
inline bool is_dash(UChar32 c) {
  return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}
inline bool is_apostrophe(UChar32 c) {
  return c == '\'' || c == 0x2019 || c == 0x02BC || c == 0x02BB || c == 0x2018;
}
inline bool is_word_letter(UChar32 c) {
  return is_letter(c) || is_digit(c) || u_charType(c) == U_NON_SPACING_MARK || u_charType(c) == U_COMBINING_SPACING_MARK;
}
/// Han, kana, hangul, bopomofo: written without blanks between words, or without capitals.
inline bool is_east_asian(UChar32 c) {
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(c, &status)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_HANGUL:
    case USCRIPT_BOPOMOFO:
      return true;
    default:
      return false;
  }
}

inline void append(std::string &out, UChar32 c) {
  uint8_t bytes[4];
  int32_t n = 0;
  U8_APPEND_UNSAFE(bytes, n, c);
  out.append(reinterpret_cast<const char *>(bytes), static_cast<size_t>(n));
}

/// Small letters for all that have case (simple case folding).
inline std::string fold(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) append(out, u_foldCase(next_letter(text, at), U_FOLD_CASE_DEFAULT));
  return out;
}

inline std::string_view trim(std::string_view text) {
  for (size_t at = 0; !text.empty(); text.remove_prefix(at), at = 0)
    if (!is_blank(next_letter(text, at))) break;
  for (size_t at = text.size(); !text.empty(); text = text.substr(0, at)) {
    at = text.size();
    if (!is_blank(previous_letter(text, at))) break;
  }
  return text;
}

/// A word: letters, marks and digits, with hyphens and apostrophes inside it ("Qi-ku-nuo-fu", "China's").
struct word {
  size_t begin = 0, end = 0;
  std::string_view text;
  bool is_capitalised() const { return is_capital(first_letter(text)); }
  bool starts_with_digit() const { return is_digit(first_letter(text)); }
};

/// Up to `most` words from the begin of the text.
inline std::vector<word> words_of(std::string_view text, size_t most = SIZE_MAX) {
  std::vector<word> found;
  for (size_t at = 0; at < text.size() && found.size() < most;) {
    const size_t begin = at;
    UChar32 c = next_letter(text, at);
    if (!is_word_letter(c)) continue;
    size_t end = at;
    while (at < text.size()) {
      size_t ahead = at;
      c = next_letter(text, ahead);
      if (is_word_letter(c)) {
        end = at = ahead;
        continue;
      }
      // A hyphen or an apostrophe belongs to the word when a letter follows it.
      if (!is_apostrophe(c) && c != '-' && c != 0x2010 && c != 0x2011) break;
      size_t after = ahead;
      if (ahead >= text.size() || !is_word_letter(next_letter(text, after))) break;
      end = at = after;
    }
    found.push_back({begin, end, text.substr(begin, end - begin)});
    at = end;
  }
  return found;
}

/// The begin of the word that ends at `end` (== end: no word ends there), in at most `reach` bytes.
inline size_t word_begin_before(std::string_view text, size_t end, size_t reach = 120) {
  size_t begin = end;
  while (begin > 0 && end - begin < reach) {
    size_t before = begin;
    const UChar32 c = previous_letter(text, before);
    if (is_word_letter(c)) {
      begin = before;
      continue;
    }
    if ((!is_apostrophe(c) && c != '-' && c != 0x2010 && c != 0x2011) || before == 0 || begin == end) break;
    size_t further = before;
    if (!is_word_letter(previous_letter(text, further))) break;
    begin = further;
  }
  return begin;
}

/// A fixed set of folded words, written as one string with blanks between them.
class word_set {
 public:
  explicit word_set(std::string_view words) {
    for (size_t at = 0; at < words.size();) {
      const size_t end = std::min(words.find(' ', at), words.size());
      if (end != at) words_.insert(words.substr(at, end - at));
      at = end + 1;
    }
  }
  bool has(std::string_view folded) const { return words_.count(folded) != 0; }

 private:
  std::unordered_set<std::string_view> words_;
};

}  // namespace calque::common

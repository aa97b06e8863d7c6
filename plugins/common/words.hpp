// SPDX-License-Identifier: Apache-2.0
// Words of UTF-8 text, by Unicode properties and never by locale.
#pragma once

#include "plugins/common/characters.hpp"

#include <unicode/uscript.h>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace calque::plugins {

inline bool is_digit(char32_t c) {
  return u_isdigit(static_cast<UChar32>(c)) != 0;
}
/// A blank or a line end.
inline bool is_gap(char32_t c) {
  return c == '\n' || c == '\r' || is_blank(c);
}
inline bool is_dash(char32_t c) {
  return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}
inline bool is_apostrophe(char32_t c) {
  return c == '\'' || c == 0x2019 || c == 0x02BC || c == 0x02BB || c == 0x2018;
}
/// Han, kana, hangul, bopomofo.
inline bool is_east_asian(char32_t c) {
  if (c < 0x1100) return false;
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(static_cast<UChar32>(c), &status)) {
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

/// `text` without blanks and line ends at its ends.
inline std::string_view without_gaps(std::string_view text) {
  size_t begin = 0, end = text.size();
  for (size_t at = 0; at < end; begin = at)
    if (!is_gap(next_character(text, at))) break;
  while (end > begin) {
    size_t before = end;
    if (!is_gap(previous_character(text, before))) break;
    end = before;
  }
  return text.substr(begin, end - begin);
}

/// A word: letters, marks and digits, with hyphens and apostrophes inside it ("Qi-ku-nuo-fu", "China's").
struct word {
  size_t begin = 0, end = 0;
  std::string_view text;
  bool is_capitalised() const { return is_upper(first_character(text)); }
  bool starts_with_digit() const { return is_digit(first_character(text)); }
};

/// Up to `most` words from the begin of the text.
inline std::vector<word> words_of(std::string_view text, size_t most = SIZE_MAX) {
  std::vector<word> found;
  for (size_t at = 0; at < text.size() && found.size() < most;) {
    const size_t begin = at;
    char32_t c = next_character(text, at);
    if (!is_word(c)) continue;
    size_t end = at;
    while (at < text.size()) {
      size_t ahead = at;
      c = next_character(text, ahead);
      if (is_word(c)) {
        end = at = ahead;
        continue;
      }
      // A hyphen or an apostrophe belongs to the word when a letter follows it.
      if (!is_apostrophe(c) && c != '-' && c != 0x2010 && c != 0x2011) break;
      size_t after = ahead;
      if (ahead >= text.size() || !is_word(next_character(text, after))) break;
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
    const char32_t c = previous_character(text, before);
    if (is_word(c)) {
      begin = before;
      continue;
    }
    if ((!is_apostrophe(c) && c != '-' && c != 0x2010 && c != 0x2011) || before == 0 || begin == end) break;
    size_t further = before;
    if (!is_word(previous_character(text, further))) break;
    begin = further;
  }
  return begin;
}

/// "China's", "nations'"
inline bool is_possessive_form(std::string_view word) {
  return word.ends_with("'s") || word.ends_with("’s") || word.ends_with("s'") || word.ends_with("s’");
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

}  // namespace calque::plugins

// SPDX-License-Identifier: Apache-2.0
// What each character is to a term: part of a word, a word of its own, a blank, a sign; and how it folds.
#pragma once

#include <cstdint>
#include <vector>

namespace calque::glossary {

enum class letter_kind : uint8_t {
  word,   // letters, digits and marks of scripts with blanks between words
  alone,  // of scripts without: each is a word of its own (Han, kana, hangul, Thai, Khmer, …)
  mark,   // belongs to the character before it, whatever that is
  blank,
  line_end,
  nothing,  // not seen: soft hyphens, zero-width marks
  sign,     // all else
};

struct letter {
  char32_t folded = 0;  // one character; what folds to several is `uneven`
  letter_kind kind = letter_kind::sign;
  bool is_uneven = false;   // the word that holds it takes the long way through ICU
  bool is_stacked = false;  // a mark with a combining class: two in a row may stand in another order
  bool is_elastic = false;  // a line end beside it is no blank: Han and kana, which are cut anywhere
};

/// All of it is Unicode's own, by ICU's properties. Those of the first plane are asked for once.
class letters {
 public:
  static const letters &all();
  letter of(char32_t c) const { return c < plane ? unpack(c) : look_up(c); }

 private:
  static constexpr char32_t plane = 0x10000;
  letters();
  static letter look_up(char32_t c);
  letter unpack(char32_t c) const {
    const uint8_t p = properties_[c];
    return {folded_[c], static_cast<letter_kind>(p & 7), (p & 8) != 0, (p & 16) != 0, (p & 32) != 0};
  }

  std::vector<uint8_t> properties_;
  std::vector<char16_t> folded_;
};

}  // namespace calque::glossary

// SPDX-License-Identifier: Apache-2.0
// What dates are made of: numbers, words and signs, with their places.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace calque::dates {

struct token {
  enum class type { number, word, sign };
  token::type sort;
  uint32_t begin, end;
  std::string_view text;  // as printed
  std::string folded;     // words: small letters
  int value = 0;          // numbers of up to nine digits
  bool gap_before = false;
  bool is_capitalised = false;
  bool is(std::string_view word) const;
};

/// Numbers (runs of digits), words (runs of letters; each East Asian letter is one of its own) and signs.
std::vector<token> tokens_of(std::string_view text, uint32_t base);

/// 1 to 12 for the name of a month: English, Russian, German, French, Spanish, and their abbreviations.
int month_named(const token &);
/// 21 to 24 for the name of a season.
int season_named(const token &);
/// 1 to 12 for I to XII.
int roman_month(std::string_view);
/// The value of Chinese digits ("一九六二", "二十九"), from token k; `next` is the token after them. -1: none.
int chinese_number(const std::vector<token> &, size_t k, size_t &next);

}  // namespace calque::dates

// SPDX-License-Identifier: Apache-2.0
// Reads digits with their groups and decimals, then numerals of Han signs.
#include "plugins/align/numbers.hpp"

#include "plugins/common/characters.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace calque::align {
namespace {

using plugins::first_character;
using plugins::next_character;

constexpr size_t longest = 18;  // digits of a number that still has a value; longer ones stand for themselves

/// The words begin so in each language; the value has so many zeros more.
struct multiplier {
  std::string_view begin;
  int zeros;
};
constexpr multiplier multipliers[] = {{"thousand", 3}, {"тыс", 3},      {"тысяч", 3}, {"million", 6},
                                      {"mln", 6},      {"миллион", 6},  {"млн", 6},   {"billion", 9},
                                      {"bn", 9},       {"миллиард", 9}, {"млрд", 9}};

int digit_of(char32_t c) {
  if (c < 0x80) return c >= '0' && c <= '9' ? static_cast<int>(c - '0') : -1;
  return u_charType(static_cast<UChar32>(c)) == U_DECIMAL_DIGIT_NUMBER ? u_charDigitValue(static_cast<UChar32>(c)) : -1;
}

/// 0 to 9 of a Han numeral, or none.
std::optional<int> han_digit(char32_t c) {
  constexpr std::u32string_view digits = U"零一二三四五六七八九";
  if (c == U'〇') return 0;
  if (c == U'两' || c == U'兩') return 2;
  const size_t at = digits.find(c);
  return at == std::u32string_view::npos ? std::nullopt : std::optional(static_cast<int>(at));
}
/// The zeros of a Han unit: 十 1, 百 2, 千 3, 万 4, 亿 8.
int han_unit(char32_t c) {
  switch (c) {
    case U'十':
      return 1;
    case U'百':
      return 2;
    case U'千':
      return 3;
    case U'万':
    case U'萬':
      return 4;
    case U'亿':
    case U'億':
      return 8;
    default:
      return 0;
  }
}

/// "2.5" and 6 zeros: "2500000".
std::string scaled(std::string whole, std::string decimals, int zeros) {
  for (; zeros > 0; --zeros) {
    whole += decimals.empty() ? '0' : decimals.front();
    if (!decimals.empty()) decimals.erase(0, 1);
  }
  while (!decimals.empty() && decimals.back() == '0') decimals.pop_back();
  const size_t first = std::min(whole.find_first_not_of('0'), whole.size() - 1);
  whole.erase(0, first);
  return decimals.empty() ? whole : whole + "." + decimals;
}

number made(std::string value) {
  const bool is_small = value.size() == 1 || value == "10" || value == "11" || value == "12";
  return {std::move(value), is_small};
}

class reader {
 public:
  explicit reader(std::string_view text) : text_(text) {}

  std::vector<number> read() {
    std::vector<number> found;
    char32_t before = 0;
    for (size_t at = 0; at < text_.size();) {
      const size_t begin = at;
      const char32_t c = next_character(text_, at);
      if (digit_of(c) >= 0) {
        at = begin;
        found.push_back(made(digits(at)));
      } else if (han_digit(c) || han_unit(c) > 0) {
        at = begin;
        if (auto value = numeral(at, before)) found.push_back(made(std::move(*value)));
      }
      before = c;
    }
    return found;
  }

 private:
  std::string run(size_t &at) const {
    std::string digits;
    while (at < text_.size()) {
      size_t ahead = at;
      const int digit = digit_of(next_character(text_, ahead));
      if (digit < 0) break;
      digits += static_cast<char>('0' + digit);
      at = ahead;
    }
    return digits;
  }

  // "1,500", "1 500", "2.5", "2,5", "250万", "2.5 million"
  std::string digits(size_t &at) const {
    std::string whole = run(at), decimals;
    while (at < text_.size()) {
      size_t ahead = at;
      const char32_t sign = next_character(text_, ahead);
      const bool is_point = sign == '.' || sign == ',' || sign == 0x066B || sign == 0x066C || sign == 0xFF0C;
      const bool is_blank = plugins::is_blank(sign);
      if (!is_point && !is_blank && sign != 0x2019) break;
      size_t end = ahead;
      const std::string more = run(end);
      const bool is_group =
          more.size() == 3 && whole.size() <= 15 && (whole.size() <= 3 || is_grouped_) && whole != "0";
      if (more.empty()) break;
      if (is_group) {
        whole += more;
        is_grouped_ = true;
      } else if (is_point && sign != 0x066C && sign != 0xFF0C) {
        decimals = more;
        at = end;
        break;
      } else {
        break;
      }
      at = end;
    }
    is_grouped_ = false;
    if (whole.size() > longest) return whole;
    return scaled(std::move(whole), std::move(decimals), zeros_after(at));
  }

  int zeros_after(size_t &at) const {
    int zeros = 0;
    for (size_t ahead = at; ahead < text_.size();) {
      const int unit = han_unit(next_character(text_, ahead));
      if (unit == 0 || zeros + unit > 12) break;
      zeros += unit;
      at = ahead;
    }
    if (zeros > 0) return zeros;
    size_t word = at;
    while (word < text_.size()) {
      size_t ahead = word;
      if (!plugins::is_blank(next_character(text_, ahead))) break;
      word = ahead;
    }
    const std::string folded = plugins::folded(text_.substr(word, 24));
    for (const multiplier &m : multipliers)
      if (folded.starts_with(m.begin)) zeros = m.zeros;
    return zeros;
  }

  // 一九五八, 二十九, 三百零五万; nothing for a lone sign that may be an article or part of a word.
  std::optional<std::string> numeral(size_t &at, char32_t before) const {
    uint64_t total = 0, section = 0;
    int digit = -1;
    size_t signs = 0;
    bool has_unit = false, has_plain_digits = false;
    std::string plain;
    while (at < text_.size() && signs < longest) {
      size_t ahead = at;
      const char32_t c = next_character(text_, ahead);
      if (const auto value = han_digit(c)) {
        has_plain_digits |= digit > 0 && *value >= 0 && !has_unit;
        digit = *value;
        plain += static_cast<char>('0' + *value);
      } else if (const int unit = han_unit(c)) {
        has_unit = true;
        uint64_t scale = 1;
        for (int k = 0; k < unit; ++k) scale *= 10;
        if (unit >= 4) {
          total = (total + section + (digit > 0 ? static_cast<uint64_t>(digit) : 0)) * scale;
          section = 0;
        } else {
          section += scale * (digit > 0 ? static_cast<uint64_t>(digit) : 1);
        }
        digit = -1;
      } else {
        break;
      }
      ++signs;
      at = ahead;
    }
    const char32_t after = at < text_.size() ? first_character(text_.substr(at, 4)) : 0;
    if (signs == 1 && before != U'第' && !is_counted(after)) return std::nullopt;
    if (!has_unit) return plain;  // digit by digit, as years are written
    if (has_plain_digits) return std::nullopt;
    total += section + (digit > 0 ? static_cast<uint64_t>(digit) : 0);
    return total == 0 ? std::nullopt : std::optional(std::to_string(total));
  }
  static bool is_counted(char32_t after) {
    return std::u32string_view(U"年月日时點点分条條章节節届屆号號").find(after) != std::u32string_view::npos;
  }

  std::string_view text_;
  mutable bool is_grouped_ = false;
};

}  // namespace

std::vector<number> numbers_in(std::string_view text) {
  return reader(text).read();
}

}  // namespace calque::align

// SPDX-License-Identifier: Apache-2.0
// The lexer of dates, and the names of months and seasons.
#include "plugins/dates/tokens.hpp"

#include "plugins/common/words.hpp"

#include <array>
#include <unordered_map>

namespace calque::dates {

bool token::is(std::string_view word) const {
  return sort == type::word ? folded == word : text == word;
}

std::vector<token> tokens_of(std::string_view text, uint32_t base) {
  std::vector<token> found;
  bool gap = true;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    char32_t c = plugins::next_character(text, at);
    if (plugins::is_gap(c) || plugins::is_invisible(c)) {
      gap = true;
      continue;
    }
    token t{token::type::sign, 0, 0, {}, {}, 0, gap, false};
    gap = false;
    const bool is_number = c >= '0' && c <= '9';
    if (is_number) {
      t.sort = token::type::number;
      while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
      if (at - begin <= 9)
        for (char d : text.substr(begin, at - begin)) t.value = t.value * 10 + (d - '0');
      else
        t.value = -1;
    } else if (plugins::is_letter(c)) {
      t.sort = token::type::word;
      t.is_capitalised = plugins::is_upper(c);
      if (!plugins::is_east_asian(c))
        while (at < text.size()) {
          size_t ahead = at;
          c = plugins::next_character(text, ahead);
          if (!plugins::is_word(c) || plugins::is_digit(c) || plugins::is_east_asian(c)) break;
          at = ahead;
        }
    }
    t.text = text.substr(begin, at - begin);
    if (t.sort == token::type::word) t.folded = plugins::folded(t.text);
    t.begin = base + static_cast<uint32_t>(begin);
    t.end = base + static_cast<uint32_t>(at);
    found.push_back(std::move(t));
  }
  return found;
}

int month_named(const token &t) {
  // Languages that write months small are marked; in the others a small "may" or "march" is no month.
  struct name {
    int month;
    bool small;
  };
  static const std::unordered_map<std::string_view, name> names = {
      {"january", {1, false}},   {"february", {2, false}},  {"march", {3, false}},     {"april", {4, false}},
      {"may", {5, false}},       {"june", {6, false}},      {"july", {7, false}},      {"august", {8, false}},
      {"september", {9, false}}, {"october", {10, false}},  {"november", {11, false}}, {"december", {12, false}},
      {"jan", {1, false}},       {"feb", {2, false}},       {"mar", {3, false}},       {"apr", {4, false}},
      {"jun", {6, false}},       {"jul", {7, false}},       {"aug", {8, false}},       {"sep", {9, false}},
      {"sept", {9, false}},      {"oct", {10, false}},      {"nov", {11, false}},      {"dec", {12, false}},
      {"января", {1, true}},     {"февраля", {2, true}},    {"марта", {3, true}},      {"апреля", {4, true}},
      {"мая", {5, true}},        {"июня", {6, true}},       {"июля", {7, true}},       {"августа", {8, true}},
      {"сентября", {9, true}},   {"октября", {10, true}},   {"ноября", {11, true}},    {"декабря", {12, true}},
      {"январь", {1, true}},     {"февраль", {2, true}},    {"март", {3, true}},       {"апрель", {4, true}},
      {"май", {5, true}},        {"июнь", {6, true}},       {"июль", {7, true}},       {"август", {8, true}},
      {"сентябрь", {9, true}},   {"октябрь", {10, true}},   {"ноябрь", {11, true}},    {"декабрь", {12, true}},
      {"январе", {1, true}},     {"феврале", {2, true}},    {"марте", {3, true}},      {"апреле", {4, true}},
      {"мае", {5, true}},        {"июне", {6, true}},       {"июле", {7, true}},       {"августе", {8, true}},
      {"сентябре", {9, true}},   {"октябре", {10, true}},   {"ноябре", {11, true}},    {"декабре", {12, true}},
      {"januar", {1, false}},    {"jänner", {1, false}},    {"februar", {2, false}},   {"märz", {3, false}},
      {"mai", {5, true}},        {"juni", {6, false}},      {"juli", {7, false}},      {"oktober", {10, false}},
      {"dezember", {12, false}}, {"janvier", {1, true}},    {"février", {2, true}},    {"mars", {3, true}},
      {"avril", {4, true}},      {"juin", {6, true}},       {"juillet", {7, true}},    {"août", {8, true}},
      {"septembre", {9, true}},  {"octobre", {10, true}},   {"novembre", {11, true}},  {"décembre", {12, true}},
      {"enero", {1, true}},      {"febrero", {2, true}},    {"marzo", {3, true}},      {"abril", {4, true}},
      {"mayo", {5, true}},       {"junio", {6, true}},      {"julio", {7, true}},      {"agosto", {8, true}},
      {"septiembre", {9, true}}, {"octubre", {10, true}},   {"noviembre", {11, true}}, {"diciembre", {12, true}}};
  if (t.sort != token::type::word) return -1;
  const auto found = names.find(t.folded);
  return found == names.end() || (!found->second.small && !t.is_capitalised) ? -1 : found->second.month;
}

int season_named(const token &t) {
  static const std::unordered_map<std::string_view, int> names = {
      {"spring", 21}, {"summer", 22}, {"autumn", 23}, {"fall", 23},  {"winter", 24},   {"весной", 21}, {"летом", 22},
      {"осенью", 23}, {"зимой", 24},  {"весна", 21},  {"лето", 22},  {"осень", 23},    {"зима", 24},   {"весны", 21},
      {"лета", 22},   {"осени", 23},  {"зимы", 24},   {"frühjahr", 21}, {"frühling", 21}, {"sommer", 22}, {"herbst", 23},
      {"printemps", 21}, {"été", 22}, {"automne", 23}, {"hiver", 24}, {"primavera", 21}, {"verano", 22}, {"otoño", 23},
      {"invierno", 24}};
  if (t.sort != token::type::word) return -1;
  const auto found = names.find(t.folded);
  return found == names.end() ? -1 : found->second;
}

int roman_month(std::string_view text) {
  constexpr std::array<std::string_view, 12> numerals = {"I",   "II",   "III", "IV", "V",  "VI",
                                                         "VII", "VIII", "IX",  "X",  "XI", "XII"};
  for (size_t k = 0; k < numerals.size(); ++k)
    if (numerals[k] == text) return static_cast<int>(k) + 1;
  return -1;
}

int chinese_number(const std::vector<token> &tokens, size_t k, size_t &next) {
  static const std::unordered_map<std::string_view, int> digits = {{"〇", 0}, {"零", 0}, {"○", 0}, {"一", 1}, {"二", 2},
                                                                   {"三", 3}, {"四", 4}, {"五", 5}, {"六", 6}, {"七", 7},
                                                                   {"八", 8}, {"九", 9}, {"元", 1}};
  int value = 0, last = -1;
  size_t count = 0;
  bool ten = false;
  for (next = k; next < tokens.size() && count < 5; ++next, ++count) {
    if (tokens[next].text == "十") {
      value = (last < 0 ? 1 : value) * 10;
      ten = true;
      last = 10;
      continue;
    }
    const auto found = digits.find(tokens[next].text);
    if (found == digits.end()) break;
    value = ten ? value + found->second : value * 10 + found->second;
    last = found->second;
  }
  return count == 0 ? -1 : value;
}

}  // namespace calque::dates

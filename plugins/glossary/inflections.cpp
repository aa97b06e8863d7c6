// SPDX-License-Identifier: Apache-2.0
// The rows of endings, and the letters that they are made of.
#include "plugins/glossary/inflections.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "plugins/common/characters.hpp"
#include "plugins/glossary/languages.hpp"

namespace calque::glossary {
namespace {

using namespace std::string_view_literals;

// An ending, and what a beginning must end in to have it (empty: anything).
struct row {
  std::span<const std::string_view> endings;
  std::span<const std::string_view> beginnings_end_in;
};

constexpr std::array english_s{""sv, "s"sv};
constexpr std::array english_es{""sv, "es"sv};
constexpr std::array english_hiss{"s"sv, "x"sv, "z"sv, "ch"sv, "sh"sv, "o"sv};
constexpr std::array english_y{"y"sv, "ies"sv};
constexpr row english_rows[] = {{english_s, {}}, {english_es, english_hiss}, {english_y, {}}};

constexpr std::array russian_nouns{""sv,   "а"sv,  "я"sv,  "о"sv,   "е"sv,   "ё"sv,  "и"sv,  "ы"sv,  "у"sv,  "ю"sv,
                                   "ь"sv,  "й"sv,  "ой"sv, "ей"sv,  "ёй"sv,  "ою"sv, "ею"sv, "ью"sv, "ом"sv, "ем"sv,
                                   "ём"sv, "ам"sv, "ям"sv, "ами"sv, "ями"sv, "ах"sv, "ях"sv, "ов"sv, "ев"sv, "ёв"sv};
constexpr std::array russian_adjectives{"ый"sv,  "ий"sv,  "ой"sv,  "ая"sv,  "яя"sv, "ое"sv, "ее"sv,  "ые"sv, "ие"sv,
                                        "ого"sv, "его"sv, "ому"sv, "ему"sv, "ым"sv, "им"sv, "ом"sv,  "ем"sv, "ей"sv,
                                        "ою"sv,  "ею"sv,  "ую"sv,  "юю"sv,  "ых"sv, "их"sv, "ыми"sv, "ими"sv};
constexpr std::array russian_surnames{""sv, "а"sv, "у"sv, "ым"sv, "е"sv, "ой"sv, "ы"sv, "ых"sv, "ыми"sv};
constexpr std::array surname_ends{"ов"sv, "ев"sv, "ёв"sv, "ин"sv, "ын"sv};
constexpr row russian_rows[] = {{russian_nouns, {}}, {russian_adjectives, {}}, {russian_surnames, surname_ends}};

constexpr size_t letters_that_stay = 3;

bool ends_in_any(std::string_view word, std::span<const std::string_view> ends) {
  return ends.empty() || std::any_of(ends.begin(), ends.end(), [&](auto end) { return word.ends_with(end); });
}

bool has(const row &r, std::string_view ending) {
  return std::find(r.endings.begin(), r.endings.end(), ending) != r.endings.end();
}

// Where the first letters that stay end; the word's size when it has no more than these.
size_t end_of_what_stays(std::string_view word) {
  size_t at = 0;
  for (size_t k = 0; k < letters_that_stay && at < word.size(); ++k) plugins::next_character(word, at);
  return at;
}

bool is_cyrillic(char32_t c) {
  return c >= 0x0400 && c < 0x0530;
}
bool is_latin(char32_t c) {
  return c < 0x0250;
}

}  // namespace

inflection rule_for(std::string_view word, std::string_view language) {
  const char32_t first = plugins::first_character(word);
  if (!plugins::is_letter(first)) return inflection::none;
  const std::string primary = primary_of(language);
  if (is_cyrillic(first) && (primary.empty() || primary == "ru")) return inflection::russian;
  if (is_latin(first) && (primary.empty() || primary == "en")) return inflection::english;
  return inflection::none;
}

bool are_forms_of_one_word(std::string_view a, std::string_view b, inflection rule) {
  if (a == b) return true;
  if (rule == inflection::none) return false;
  const std::span<const row> rows = rule == inflection::english ? std::span<const row>(english_rows) : russian_rows;
  const auto differ = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  auto common = static_cast<size_t>(differ.first - a.begin());
  // Back to the begin of a character.
  while (common > 0 && common < a.size() && (static_cast<unsigned char>(a[common]) & 0xc0) == 0x80) --common;
  while (common > 0 && common < b.size() && (static_cast<unsigned char>(b[common]) & 0xc0) == 0x80) --common;
  const size_t least = end_of_what_stays(a);
  while (common >= least) {
    const std::string_view beginning = a.substr(0, common);
    for (const row &r : rows)
      if (has(r, a.substr(common)) && has(r, b.substr(common)) && ends_in_any(beginning, r.beginnings_end_in))
        return true;
    if (common == 0) break;
    plugins::previous_character(a, common);
  }
  return false;
}

std::string_view common_beginning(std::string_view word) {
  static constexpr std::u32string_view of_endings = U"seiyаяоеёиыуюьймхвг";
  const size_t least = end_of_what_stays(word);
  size_t end = word.size();
  while (end > least) {
    size_t before = end;
    if (of_endings.find(plugins::previous_character(word, before)) == of_endings.npos) break;
    end = before;
  }
  return word.substr(0, end);
}

}  // namespace calque::glossary

// SPDX-License-Identifier: Apache-2.0
// Looks of a line, what must speak for it beyond them, and levels without jumps.
#include "plugins/headings/typed_headings.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "plugins/common/counting.hpp"
#include "plugins/common/words.hpp"

namespace calque::plugins {
namespace {

using std::string;
using std::string_view;

constexpr size_t longest = 100, most_words = 14, fewest_capitals = 4, longest_row = 2;
constexpr uint32_t deepest = 6;

/// Signs by weight: what weighs less stands above.
enum weight : uint32_t { volume = 10, chapter = 20, article = 30, capitals = 40, roman = 50, bold = 60, arabic = 70 };

struct look {
  uint32_t weight = 0;  // 0: no heading
  string series;        // of numbers that must count on; empty: it needs none
  uint32_t number = 0;
  string_view why;
};

struct counted {
  size_t characters = 0, letters = 0, upper = 0, lower = 0;
};

counted count(string_view text) {
  counted c;
  for (size_t at = 0; at < text.size();) {
    const char32_t x = next_character(text, at);
    ++c.characters;
    c.letters += is_letter(x) ? 1u : 0u;
    c.upper += is_upper(x) ? 1u : 0u;
    c.lower += is_lower(x) ? 1u : 0u;
  }
  return c;
}

/// Lines that stamps and typists put on a page; they stand alone and are no headings.
bool is_marking(string_view text) {
  static const string_view markings[] = {"secret",
                                         "top secret",
                                         "confidential",
                                         "restricted",
                                         "unclassified",
                                         "declassified",
                                         "limited official use",
                                         "official use only",
                                         "eyes only",
                                         "copy",
                                         "draft",
                                         "original",
                                         "translation",
                                         "urgent",
                                         "immediate",
                                         "priority",
                                         "секретно",
                                         "сов. секретно",
                                         "совершенно секретно",
                                         "копия",
                                         "срочно",
                                         "весьма срочно",
                                         "не подлежит оглашению",
                                         "geheim",
                                         "streng geheim",
                                         "secreto",
                                         "très secret"};
  const string key = folded(trimmed(text));
  return std::find(std::begin(markings), std::end(markings), key) != std::end(markings);
}

/// "Chapter 3", "Глава II. …", "第三章": the weight of its word.
uint32_t named_weight(string_view text) {
  static constexpr std::pair<string_view, uint32_t> names[] = {
      {"part", volume},       {"book", volume},     {"часть", volume},     {"книга", volume},     {"teil", volume},
      {"partie", volume},     {"chapter", chapter}, {"глава", chapter},    {"kapitel", chapter},  {"chapitre", chapter},
      {"capítulo", chapter},  {"section", article}, {"article", article},  {"раздел", article},   {"статья", article},
      {"abschnitt", article}, {"artikel", article}, {"artículo", article}, {"appendix", chapter}, {"annex", chapter},
      {"приложение", chapter}};
  const auto words = words_of(text, 2);
  if (words.size() == 2 && words[0].begin == 0 && words[0].is_capitalised()) {
    const string key = folded(words[0].text);
    for (const auto &[name, weighs] : names) {
      if (key != name) continue;
      const string_view n = words[1].text;
      const bool is_number = arabic_number(n) || roman_number(n) || (letter_number(n) && is_upper(first_character(n)));
      // "Article 5 of the treaty says": what goes on in small letters is a sentence.
      const string_view rest = trimmed(text.substr(words[1].end));
      return is_number && !is_lower(first_character(rest)) ? weighs : 0;
    }
  }
  if (!text.starts_with("第")) return 0;
  size_t at = string_view("第").size();
  static constexpr string_view figures = "0123456789〇零一二三四五六七八九十百千";
  size_t count = 0;
  while (at < text.size() && count < 6) {
    const size_t begin = at;
    next_character(text, at);
    const string_view c = text.substr(begin, at - begin);
    if (figures.find(c) != string_view::npos) {
      ++count;
      continue;
    }
    if (count == 0) return 0;
    const string_view rest = text.substr(at);
    const bool ends = rest.empty() || is_blank(first_character(rest));
    if (!ends) return 0;
    return c == "部" || c == "編" || c == "编" ? volume : c == "章" ? chapter : c == "節" || c == "节" ? article : 0u;
  }
  return 0;
}

/// "I.", "II. Talks", "3. Trade", "1.2 Rates"
bool numbered(string_view text, look &found) {
  const size_t blank = std::min(text.find(' '), text.size());
  string_view mark = text.substr(0, blank);
  const string_view title = trimmed(text.substr(blank));
  const bool has_stop = mark.ends_with('.');
  if (has_stop) mark.remove_suffix(1);
  const char32_t first = first_character(title);
  if (!title.empty() && !is_upper(first) && !is_caseless(first)) return false;
  if (const auto n = roman_number(mark); n && mark.front() < 'a' && has_stop) {
    found = {roman, "roman", *n, "number"};
    return true;
  }
  if (title.empty()) return false;
  uint32_t depth = 0;
  string parent;
  for (string_view rest = mark;; ++depth) {
    const size_t dot = std::min(rest.find('.'), rest.size());
    const auto n = arabic_number(rest.substr(0, dot));
    if (!n || *n > 99 || depth > 3) return false;
    if (dot == rest.size()) {
      if (depth == 0 && !has_stop) return false;
      found = {arabic + depth, "arabic " + parent, *n, "number"};
      return true;
    }
    parent += string(rest.substr(0, dot)) + ".";
    rest.remove_prefix(dot + 1);
  }
}

look look_of(const heading_block &block, const heading_rules &rules, bool capitals_mean_something) {
  const string_view text = trimmed(block.text);
  look found;
  if (block.is != heading_block::shape::paragraph || !block.is_line || text.empty() || is_marking(text)) return found;
  const counted c = count(text);
  if (c.letters == 0 || c.characters > longest || words_of(text, most_words + 1).size() > most_words) return found;
  if (rules.numbers)
    if (const uint32_t weighs = named_weight(text); weighs != 0 && !text.ends_with(';') && !text.ends_with(','))
      return {weighs, {}, 0, "name"};
  const char32_t last = last_character(text);
  const string_view enders = ".:;,!?";
  const bool ends_like_a_sentence = (last < 0x80 && enders.find(static_cast<char>(last)) != string_view::npos) ||
                                    last == 0x3002 || last == 0xff1a || last == 0x2026 || last == 0xff0c ||
                                    is_dash(last);
  if (rules.numbers && (!ends_like_a_sentence || text.find(' ') == string_view::npos) && numbered(text, found))
    return found;
  if (ends_like_a_sentence) return found;
  if (rules.capitals && capitals_mean_something && c.lower == 0 && c.upper >= fewest_capitals && c.upper == c.letters &&
      is_letter(first_character(text)))
    return {capitals, {}, 0, "capitals"};
  if (rules.bold && block.is_bold) return {bold, {}, 0, "bold"};
  return found;
}

/// Numbers count from one, each once and in order, or they are no headings' numbers.
void drop_broken_series(const std::vector<heading_block> &blocks, std::vector<look> &looks) {
  std::map<string, std::vector<size_t>> series;
  for (size_t k = 0; k < looks.size(); ++k)
    if (!looks[k].series.empty()) series[looks[k].series].push_back(k);
  size_t deep = 0;
  for (const auto &[name, members] : series)
    if (name.size() > string_view("arabic ").size()) deep += members.size();
  for (const auto &[name, members] : series) {
    bool counts = name.size() > string_view("arabic ").size() ? deep >= 2 : members.size() >= 2;
    for (size_t k = 0; k < members.size(); ++k) {
      counts = counts && looks[members[k]].number == k + 1;
      // Two in a row are items of a list.
      if (k > 0 && members[k] == members[k - 1] + 1 && blocks[members[k]].group == blocks[members[k - 1]].group)
        counts = false;
    }
    if (!counts)
      for (const size_t k : members) looks[k] = {};
  }
}

/// A heading has text below it. Of lines in a row, two are a heading and its second line only if the second is
/// lower; more are a list of contents, an address or a signature.
void drop_rows(const std::vector<heading_block> &blocks, std::vector<look> &looks) {
  for (size_t first = 0; first < looks.size();) {
    if (looks[first].weight == 0) {
      ++first;
      continue;
    }
    size_t end = first + 1;
    while (end < looks.size() && looks[end].weight != 0 && blocks[end].group == blocks[first].group) ++end;
    const bool has_text = end < blocks.size() && blocks[end].group == blocks[first].group &&
                          blocks[end].is != heading_block::shape::heading && count(blocks[end].text).letters > 0;
    const bool is_row =
        end - first > longest_row || (end - first == 2 && looks[first].weight >= looks[first + 1].weight);
    if (!has_text || is_row)
      for (size_t k = first; k < end; ++k) looks[k] = {};
    first = end;
  }
}

/// Levels around the next heading: as given, and as they are without jumps.
class level_stack {
 public:
  /// The level of a heading: not more than one below the heading that it belongs to; at most `first` where it
  /// belongs to none.
  uint32_t enter(uint32_t given, uint32_t first) {
    leave(given);
    const uint32_t level = std::min(given, open_.empty() ? first : open_.back().second + 1);
    open_.emplace_back(given, level);
    return level;
  }
  /// A heading that keeps its level.
  void put(uint32_t given) {
    leave(given);
    open_.emplace_back(given, given);
  }

 private:
  void leave(uint32_t given) {
    while (!open_.empty() && open_.back().first >= given) open_.pop_back();
  }
  std::vector<std::pair<uint32_t, uint32_t>> open_;
};

size_t count_of(const std::vector<look> &looks) {
  return static_cast<size_t>(std::count_if(looks.begin(), looks.end(), [](const look &l) { return l.weight != 0; }));
}

}  // namespace

std::vector<found_heading> find_headings(const std::vector<heading_block> &blocks, const heading_rules &rules) {
  // Where most of a text is in capitals or bold, a line in them says nothing.
  size_t upper = 0, lower = 0, paragraphs = 0, bold_ones = 0;
  for (const heading_block &b : blocks) {
    const counted c = count(b.text);
    upper += c.upper;
    lower += c.lower;
    if (b.is == heading_block::shape::other) continue;
    ++paragraphs;
    bold_ones += b.is_bold ? 1u : 0u;
  }
  heading_rules used = rules;
  used.bold = rules.bold && bold_ones * 2 <= paragraphs;
  std::vector<look> looks;
  for (const heading_block &b : blocks) looks.push_back(look_of(b, used, lower > upper));
  // What a row takes out may break a series, which is taken whole or not at all.
  for (size_t before = SIZE_MAX, now = count_of(looks); now != before;) {
    drop_broken_series(blocks, looks);
    drop_rows(blocks, looks);
    before = std::exchange(now, count_of(looks));
  }

  std::set<uint32_t> weights;
  for (const look &l : looks)
    if (l.weight != 0) weights.insert(l.weight);
  uint32_t above = 0;  // level of the heading of the document that a found one stands below
  for (const heading_block &b : blocks)
    if (b.is == heading_block::shape::heading) above = above == 0 ? b.level : std::min(above, b.level);
  if (above > 0) --above;

  // First the levels of those found, then jumps of all, as a second run would see them.
  std::vector<uint32_t> levels(blocks.size(), 0);
  level_stack as_given;
  for (size_t k = 0; k < blocks.size(); ++k) {
    if (blocks[k].is == heading_block::shape::heading) {
      levels[k] = above = blocks[k].level;
      as_given.put(above);
    } else if (looks[k].weight != 0) {
      const auto rank = static_cast<uint32_t>(std::distance(weights.begin(), weights.find(looks[k].weight))) + 1;
      // One with nothing above it is of the highest level that there is for it.
      levels[k] = as_given.enter(std::min(above + rank, std::max(deepest, above + 1)), above + 1);
    }
  }
  std::vector<found_heading> found;
  level_stack repaired;
  for (size_t k = 0; k < blocks.size(); ++k) {
    if (levels[k] == 0) continue;
    const uint32_t level = rules.repair ? repaired.enter(levels[k], levels[k]) : levels[k];
    if (looks[k].weight != 0 || level != blocks[k].level) found.push_back({k, level, looks[k].why});
  }
  return found;
}

}  // namespace calque::plugins

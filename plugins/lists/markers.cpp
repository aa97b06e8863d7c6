// SPDX-License-Identifier: Apache-2.0
// A row is a list when its markers count on, or when all of them are the same dot.
#include "plugins/lists/markers.hpp"

#include <algorithm>

#include "plugins/common/counting.hpp"
#include "plugins/common/words.hpp"

namespace calque::plugins {
namespace {

using std::string_view;
using style = marker::style;
using delimiter = marker::delimiter;

// Initials ("A. Chekhov") begin paragraphs too; and a row that does not begin at its first number may be cut.
constexpr size_t fewest_items = 2, fewest_doubtful_items = 3;
constexpr size_t deepest = 4;

bool is_dot(char32_t c) {
  return c == 0x2022 || c == 0xb7 || c == 0x25cf || c == 0x25cb || c == 0x25aa || c == 0x25e6 || c == 0x2023 ||
         c == '*';
}

size_t skip_blanks(string_view text, size_t at) {
  while (at < text.size()) {
    size_t next = at;
    if (!is_blank(next_character(text, next))) break;
    at = next;
  }
  return at;
}

class row_reader {
 public:
  row_reader(const std::vector<string_view> &row, string_view before, const list_rules &rules)
      : row_(row), before_(before), rules_(rules) {
    for (const string_view text : row) marks_.push_back(markers_of(text));
  }

  /// The list that begins at paragraph `at`, if one does; `end` is behind its last paragraph.
  std::optional<found_list> read(size_t at, size_t &end, const std::vector<marker> &around = {}) const {
    if (around.size() >= deepest) return std::nullopt;
    std::optional<found_list> best;
    size_t best_end = at;
    // Where a marker can be read in two ways, the reading that goes on longer is meant.
    for (const marker &first : marks_[at]) {
      size_t reached = at;
      auto found = read_series(first, at, reached, around);
      if (found && reached > best_end) best = std::move(found), best_end = reached;
    }
    if (best) end = best_end;
    return best;
  }

 private:
  std::optional<found_list> read_series(const marker &first, size_t at, size_t &end,
                                        const std::vector<marker> &around) const {
    if (!may_begin(first, at)) return std::nullopt;
    const auto is_of_outer = [&](size_t k) {
      return std::any_of(marks_[k].begin(), marks_[k].end(), [&](const marker &m) {
        return std::any_of(around.begin(), around.end(), [&](const marker &outer) { return m.same_series(outer); });
      });
    };
    if (is_of_outer(at)) return std::nullopt;
    std::vector<marker> series = around;
    series.push_back(first);
    found_list list;
    size_t k = at;
    while (k < row_.size()) {
      const marker *next = nullptr;
      for (const marker &m : marks_[k])
        if (m.same_series(first) && (m.is >= style::bullet || m.number == first.number + list.items.size())) next = &m;
      if (next) {
        list.items.push_back({k, *next, {}});
        if (is_last(first, at, k++)) break;
        continue;
      }
      if (list.items.empty() || is_of_outer(k)) break;
      size_t below_end = k;
      auto below = read(k, below_end, series);
      if (!below) break;
      list.items.back().below.push_back(std::move(*below));
      k = below_end;
    }
    if (!has_enough(list)) return std::nullopt;
    end = k;
    return list;
  }

  /// Letters and Roman numbers begin with the first; dashes set off speech as well, and need to be announced with a
  /// colon or parted by semicolons.
  bool may_begin(const marker &first, size_t at) const {
    if (first.is < style::bullet ? !rules_.numbers : !rules_.bullets) return false;
    if (first.is == style::dash) return is_announced(at) ? !ends_sentence(at) : ends_with_semicolon(at);
    return first.is == style::decimal || first.is == style::bullet || first.number == 1;
  }
  /// Whether this item is the last of its list, whatever follows.
  bool is_last(const marker &first, size_t at, size_t k) const {
    if (first.is != style::dash) return false;
    return is_announced(at) ? ends_sentence(k) : !ends_with_semicolon(k);
  }
  static bool has_enough(const found_list &list) {
    const marker &first = list.items.front().mark;
    const bool is_initial = first.is == style::upper_alpha && first.by == delimiter::period;
    const bool begins_late = first.is == style::decimal && first.number != 1;
    return list.items.size() >= (is_initial || begins_late ? fewest_doubtful_items : fewest_items);
  }
  bool is_announced(size_t at) const { return trimmed(at == 0 ? before_ : row_[at - 1]).ends_with(':'); }
  bool ends_with_semicolon(size_t k) const { return trimmed(row_[k]).ends_with(';'); }
  bool ends_sentence(size_t k) const {
    const char32_t c = last_character(trimmed(row_[k]));
    return c == '.' || c == '?' || c == '!' || c == 0x2026;
  }

  const std::vector<string_view> &row_;
  string_view before_;
  const list_rules &rules_;
  std::vector<std::vector<marker>> marks_;
};

}  // namespace

std::vector<marker> markers_of(string_view text) {
  std::vector<marker> found;
  const size_t begin = skip_blanks(text, 0);
  if (begin == text.size()) return found;
  size_t at = begin;
  const char32_t first = next_character(text, at);
  if (is_dot(first) || is_dash(first)) {
    const size_t words = skip_blanks(text, at);
    // "- 12 -" is the number of a page.
    const bool is_page = is_dash(first) && is_dash(last_character(trimmed(text)));
    if (words > at && words < text.size() && !is_page)
      found.push_back({is_dot(first) ? style::bullet : style::dash, delimiter::none, first, begin, at, words});
    return found;
  }
  const bool has_open = first == '(';
  const size_t number_begin = has_open ? at : begin;
  size_t number_end = number_begin;
  while (number_end < text.size() && number_end - number_begin < 12 &&
         is_word(static_cast<unsigned char>(text[number_end])))
    ++number_end;
  if (number_end == number_begin || number_end == text.size()) return found;
  const char close = text[number_end];
  if (close != ')' && (close != '.' || has_open)) return found;
  const size_t end = number_end + 1, words = skip_blanks(text, end);
  // "12. 5. 1951" is a date, "1.5" a number.
  if (words == end || words == text.size() || is_digit(first_character(text.substr(words)))) return found;
  const string_view number = text.substr(number_begin, number_end - number_begin);
  const delimiter by = has_open ? delimiter::parens : close == ')' ? delimiter::paren : delimiter::period;
  const bool is_upper_case = number.front() >= 'A' && number.front() <= 'Z';
  auto add = [&](style is, std::optional<uint32_t> value) {
    if (value) found.push_back({is, by, *value, begin, end, words});
  };
  add(style::decimal, arabic_number(number));
  add(is_upper_case ? style::upper_roman : style::lower_roman, roman_number(number));
  add(is_upper_case ? style::upper_alpha : style::lower_alpha, letter_number(number));
  return found;
}

std::vector<found_list> find_lists(const std::vector<string_view> &row, string_view before, const list_rules &rules) {
  const row_reader reader(row, before, rules);
  std::vector<found_list> found;
  for (size_t at = 0; at < row.size();) {
    size_t end = at + 1;
    if (auto list = reader.read(at, end)) found.push_back(std::move(*list));
    at = end;
  }
  return found;
}

}  // namespace calque::plugins

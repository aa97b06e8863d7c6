// SPDX-License-Identifier: Apache-2.0
// Looks at single lines and blocks; what they mean together is record_layout's work.
#include "plugins/record/head_lines.hpp"

#include "plugins/common/characters.hpp"

#include <algorithm>

namespace calque::plugins {
namespace {

using std::string;
using std::string_view;

// Longer runs of text before a colon are sentences.
constexpr size_t longest_label = 60;
constexpr size_t longest_date = 80;

bool has_year(string_view text) {
  size_t digits = 0;
  char first = 0;
  for (size_t k = 0; k <= text.size(); ++k) {
    const char c = k < text.size() ? text[k] : ' ';
    if (c >= '0' && c <= '9') {
      if (digits++ == 0) first = c;
    } else {
      if (digits == 4 && (first == '1' || first == '2')) return true;
      digits = 0;
    }
  }
  return false;
}

}  // namespace

page_lines::page_lines(string_view text, const record_rules &rules)
    : text_(text), rules_(rules), lines_(split_lines(text)) {
  bool open = false;
  for (size_t l = 0; l < lines_.size(); ++l) {
    lines_[l] = without_blanks(text, lines_[l]);
    if (trimmed(line_text(l)).empty()) {
      open = false;
      continue;
    }
    if (open)
      blocks_.back().last = l + 1;
    else
      blocks_.push_back({l, l + 1});
    open = !lines_[l].ends_page;
  }
}

std::optional<line_label> page_lines::any_label(size_t l) const {
  string_view line = line_text(l);
  size_t at = lines_[l].begin;
  const string_view marks = rules_.title_marks;
  const bool marked = !marks.empty() && line.substr(0, marks.size()) == marks;
  if (marked) {
    line.remove_prefix(marks.size());
    at += marks.size();
  }
  const string_view head = line.substr(0, longest_label + 3);
  size_t colon = head.find(':'), width = 1;
  if (const size_t wide = head.find("："); wide < colon) {
    colon = wide;
    width = 3;
  }
  if (colon == string_view::npos) return std::nullopt;
  string_view name = trimmed(line.substr(0, colon));
  if (!marks.empty() && name.size() > marks.size() && name.substr(name.size() - marks.size()) == marks)
    name = trimmed(name.substr(0, name.size() - marks.size()));
  if (name.empty()) return std::nullopt;

  size_t value = at + colon + width;
  if (marked && text_.substr(value, marks.size()) == marks) value += marks.size();
  const line_label whole{name, {}, value, lines_[l].end};
  const ::calque::plugins::line inner = without_blanks(text_, {value, lines_[l].end, lines_[l].end, false});
  // "5:50" and "https://" are no labels.
  if (value < lines_[l].end && inner.begin == value && width == 1 && !marked) return std::nullopt;
  line_label found = whole;
  found.value_begin = inner.begin;
  found.value_end = inner.end;
  const auto known = rules_.keys.find(folded(name));
  if (known != rules_.keys.end()) {
    found.key = known->second;
    return found;
  }
  const char32_t first = first_character(name);
  if (!is_upper(first) && !is_caseless(first)) return std::nullopt;
  const auto words = std::count(name.begin(), name.end(), ' ') + 1;
  if (words > 4 || name.find_first_of(".,;!?\"[]<>") != string_view::npos) return std::nullopt;
  return found;
}

std::optional<line_label> page_lines::known_label(size_t l) const {
  auto found = any_label(l);
  return found && !found->key.empty() ? found : std::nullopt;
}

text_part page_lines::address(size_t l) const {
  size_t begin = lines_[l].begin, end = lines_[l].end;
  if (end - begin > 2 && text_[begin] == '<' && text_[end - 1] == '>') {
    ++begin;
    --end;
  }
  const string_view line = text_.substr(begin, end - begin);
  const bool is_web = line.substr(0, 7) == "http://" || line.substr(0, 8) == "https://" ||
                      line.substr(0, 4) == "doi:" || line.substr(0, 4) == "urn:";
  if (!is_web || line.find_first_of(" \t<>\"") != string_view::npos) return {begin, begin};
  return {begin, end};
}

bool page_lines::is_marked_title(size_t b) const {
  const string_view marks = rules_.title_marks, whole = block_text(b);
  if (marks.empty() || line_count(b) > 6 || whole.size() <= 2 * marks.size()) return false;
  auto is_marked = [&](string_view part) {
    return part.size() > 2 * marks.size() && part.substr(0, marks.size()) == marks &&
           part.substr(part.size() - marks.size()) == marks;
  };
  if (!is_marked(whole) || known_label(blocks_[b].first)) return false;
  size_t count = 0;
  for (size_t at = whole.find(marks); at != string_view::npos; at = whole.find(marks, at + marks.size())) ++count;
  if (count == 2) return true;
  for (size_t l = blocks_[b].first; l < blocks_[b].last; ++l)
    if (!is_marked(line_text(l))) return false;
  return count == 2 * line_count(b);
}

bool page_lines::is_date(size_t b) const {
  const string_view line = block_text(b);
  if (line_count(b) != 1 || line.size() > longest_date) return false;
  if (any_label(blocks_[b].first) || is_address(blocks_[b].first)) return false;
  static constexpr string_view undated[] = {"undated", "[undated]", "no date",    "[no date]", "n.d.",    "not dated",
                                            "[n.d.]",  "без даты",  "ohne datum", "sans date", "日期不详"};
  const string plain_line = folded(line);
  if (std::find(std::begin(undated), std::end(undated), plain_line) != std::end(undated)) return true;
  if (line.find("年") != string_view::npos) return true;
  if (!has_year(line)) return false;
  // A date has few words besides its numbers: "circa 5 May 1962 (?)", "between 1950 and 1953".
  return std::count(line.begin(), line.end(), ' ') <= 6;
}

string page_lines::plain(size_t b) const {
  string out;
  const string_view whole = block_text(b), marks = rules_.title_marks;
  for (size_t at = 0; at < whole.size();) {
    if (!marks.empty() && whole.substr(at, marks.size()) == marks) {
      at += marks.size();
      continue;
    }
    out += whole[at++];
  }
  return folded(out);
}

}  // namespace calque::plugins

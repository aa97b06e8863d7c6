// SPDX-License-Identifier: Apache-2.0
// The rules of CommonMark 0.31.2, of GFM's tables, and of pandoc's notes and divisions for the begin of a block.
#include "plugins/markdown/block_starts.hpp"

#include <algorithm>
#include <array>

namespace markdown {

using std::string_view;

namespace {

constexpr std::array<string_view, 62> html_blocks{
    "address",  "article",  "aside",      "base",     "basefont", "blockquote", "body",  "caption", "center",  "col",
    "colgroup", "dd",       "details",    "dialog",   "dir",      "div",        "dl",    "dt",      "fieldset", "figcaption",
    "figure",   "footer",   "form",       "frame",    "frameset", "h1",         "h2",    "h3",      "h4",      "h5",
    "h6",       "head",     "header",     "hr",       "html",     "iframe",     "legend", "li",     "link",    "main",
    "menu",     "menuitem", "nav",        "noframes", "ol",       "optgroup",   "option", "p",      "param",   "search",
    "section",  "summary",  "table",      "tbody",    "td",       "tfoot",      "th",    "thead",   "title",   "tr",
    "track",    "ul"};

bool starts_with_name(string_view rest, string_view name) {
  if (rest.size() < name.size()) return false;
  for (size_t k = 0; k < name.size(); ++k)
    if (lower(rest[k]) != name[k]) return false;
  return true;
}

bool contains_name(string_view line, string_view name) {
  for (size_t at = line.find('<'); at != none; at = line.find('<', at + 1))
    if (starts_with_name(line.substr(at), name)) return true;
  return false;
}

constexpr std::array<string_view, 4> verbatim{"script", "pre", "style", "textarea"};

}  // namespace

size_t heading_marks(string_view rest) {
  const size_t count = run_of(rest, 0, '#');
  if (count == 0 || count > 6) return 0;
  return count == rest.size() || is_blank(rest[count]) ? count : 0;
}

int setext_level(string_view rest) {
  if (rest.empty() || (rest[0] != '=' && rest[0] != '-')) return 0;
  const size_t end = run_of(rest, 0, rest[0]);
  if (after_blanks(rest, end) != rest.size()) return 0;
  return rest[0] == '=' ? 1 : 2;
}

bool is_rule(string_view rest) {
  if (rest.empty() || (rest[0] != '*' && rest[0] != '-' && rest[0] != '_')) return false;
  size_t count = 0;
  for (char c : rest) {
    if (c == rest[0])
      ++count;
    else if (!is_blank(c))
      return false;
  }
  return count >= 3;
}

size_t fence_length(string_view rest) {
  if (rest.empty() || (rest[0] != '`' && rest[0] != '~')) return 0;
  const size_t length = run_of(rest, 0, rest[0]);
  if (length < 3) return 0;
  if (rest[0] == '`' && rest.find('`', length) != none) return 0;
  return length;
}

int html_start(string_view rest) {
  if (rest.size() < 2 || rest[0] != '<') return 0;
  const string_view inner = rest.substr(1);
  for (string_view name : verbatim)
    if (starts_with_name(inner, name) &&
        (inner.size() == name.size() || is_blank(inner[name.size()]) || inner[name.size()] == '>'))
      return 1;
  if (inner.starts_with("!--")) return 2;
  if (inner[0] == '?') return 3;
  if (inner.starts_with("![CDATA[")) return 5;
  if (inner[0] == '!') return inner.size() > 1 && is_letter(inner[1]) ? 4 : 0;
  const size_t first = inner[0] == '/' ? 1 : 0;
  size_t end = first;
  while (end < inner.size() && is_letter_or_digit(inner[end])) ++end;
  if (end == first) return 0;
  std::string name(inner.substr(first, end - first));
  std::transform(name.begin(), name.end(), name.begin(), lower);
  const string_view after = inner.substr(end);
  if (std::binary_search(html_blocks.begin(), html_blocks.end(), string_view(name)) &&
      (after.empty() || is_blank(after[0]) || after[0] == '>' || after.starts_with("/>")))
    return 6;
  const size_t tag = read_tag(rest, 0);
  return tag != none && after_blanks(rest, tag) == rest.size() ? 7 : 0;
}

bool ends_html(string_view rest, int start) {
  switch (start) {
    case 1:
      return std::any_of(verbatim.begin(), verbatim.end(),
                         [&](string_view name) { return contains_name(rest, "</" + std::string(name) + ">"); });
    case 2: return rest.find("-->") != none;
    case 3: return rest.find("?>") != none;
    case 4: return rest.find('>') != none;
    case 5: return rest.find("]]>") != none;
    default: return false;
  }
}

std::optional<list_mark> read_list_mark(string_view rest) {
  if (rest.empty()) return {};
  list_mark found{rest[0], false, 0, 1};
  if (is_digit(rest[0])) {
    size_t digits = 0;
    while (digits < rest.size() && digits < 10 && is_digit(rest[digits])) found.number = found.number * 10 + static_cast<uint32_t>(rest[digits++] - '0');
    if (digits > 9 || digits >= rest.size() || (rest[digits] != '.' && rest[digits] != ')')) return {};
    found.mark = rest[digits];
    found.is_ordered = true;
    found.size = digits + 1;
  } else if (rest[0] != '-' && rest[0] != '+' && rest[0] != '*') {
    return {};
  }
  if (found.size < rest.size() && !is_blank(rest[found.size])) return {};
  return found;
}

std::string delimiter_row(string_view line) {
  // Cheap to refuse, since every line after a paragraph is asked.
  if (line.empty() || string_view("|-:").find(line[0]) == none) return {};
  std::string made;
  bool has_pipe = false;
  size_t at = 0;
  if (line[0] == '|') has_pipe = true, ++at;
  for (;;) {
    at = after_blanks(line, at);
    if (at >= line.size()) break;
    const bool left = line[at] == ':';
    if (left) ++at;
    const size_t dashes = run_of(line, at, '-');
    if (dashes == 0) return {};
    at += dashes;
    const bool right = at < line.size() && line[at] == ':';
    if (right) ++at;
    made += left && right ? 'c' : left ? 'l' : right ? 'r' : '-';
    at = after_blanks(line, at);
    if (at >= line.size()) break;
    if (line[at] != '|') return {};
    has_pipe = true;
    ++at;
  }
  // Dashes alone are a heading's underline or a rule.
  return has_pipe || made.find_first_not_of('-') != none ? made : std::string();
}

size_t note_mark(string_view rest, string_view &label) {
  if (!rest.starts_with("[^")) return 0;
  size_t end = 2;
  while (end < rest.size() && rest[end] != ']' && rest[end] != '[' && !is_space(rest[end])) ++end;
  if (end == 2 || end + 1 >= rest.size() || rest[end] != ']' || rest[end + 1] != ':') return 0;
  label = rest.substr(2, end - 2);
  return end + 2;
}

size_t division_fence(string_view rest, size_t &rest_at) {
  const size_t length = run_of(rest, 0, ':');
  if (length < 3) return 0;
  rest_at = after_blanks(rest, length);
  return length;
}

}  // namespace markdown

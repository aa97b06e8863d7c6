// SPDX-License-Identifier: Apache-2.0
// What would mean something else gets a backslash, and only that.
#include "escape.hpp"

#include "plugins/markdown/syntax.hpp"

#include <algorithm>
#include <vector>

namespace markdown {
namespace {

/// Part of a word; bytes of other scripts count as such.
bool is_word(char c) { return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80; }

/// The place of the point or bracket that makes the begin of a line a list's number; npos when it is none.
size_t list_marker(std::string_view line) {
  size_t at = line.starts_with('(') ? 1 : 0;
  const size_t first = at;
  while (at < line.size() && (is_letter(line[at]) || is_digit(line[at]) || line[at] == '#')) ++at;
  const std::string_view number = line.substr(first, at - first);
  if (number.empty() || at >= line.size() || (line[at] != '.' && line[at] != ')')) return std::string_view::npos;
  if (at + 1 < line.size() && line[at + 1] != ' ' && line[at + 1] != '\t') return std::string_view::npos;
  const bool counts = number.size() == 1 || std::all_of(number.begin(), number.end(), is_digit) ||
                      number.find_first_not_of("ivxlcdmIVXLCDM") == std::string_view::npos;
  return counts ? at : std::string_view::npos;
}

/// Whether the character must be escaped because of its place at the begin of a line.
bool opens_a_block(std::string_view line) {
  const char c = line.front();
  if (std::string_view("#>|:%=").find(c) != std::string_view::npos) return true;
  if (c == '+' || c == '-') return line.size() == 1 || line[1] == ' ' || line[1] == '\t' || line[1] == c;
  return false;
}

/// Brackets that must be escaped: those without a partner in the same text, since pandoc takes time without bounds over
/// many that are never closed, and pairs that would be a link, a note call, a citation or a box to tick.
std::vector<bool> meant_brackets(std::string_view text, char after, bool at_begin) {
  std::vector<bool> escape(text.size(), false);
  std::vector<size_t> open;
  for (size_t k = 0; k < text.size(); ++k) {
    const char next = k + 1 < text.size() ? text[k + 1] : after;
    if (text[k] == '[') {
      open.push_back(k);
      escape[k] = next == '^' || next == '@' || next == '-' || (at_begin && k < 2) || (k > 0 && text[k - 1] == ']');
    } else if (text[k] == ']') {
      if (open.empty()) {
        escape[k] = true;
        continue;
      }
      if (next == '(' || next == '[' || next == '{' || next == ':') escape[open.back()] = true;
      escape[k] = escape[open.back()];
      open.pop_back();
    }
  }
  for (size_t k : open) escape[k] = true;
  return escape;
}

}  // namespace

std::string escaped(std::string_view text, std::string_view before, char after, bool is_in_cell) {
  std::string made;
  const size_t last_break = before.rfind('\n');
  const std::string_view line_before = last_break == std::string_view::npos ? before : before.substr(last_break + 1);
  bool at_begin = line_before.find_first_not_of(" \t") == std::string_view::npos;
  size_t marker = std::string_view::npos;
  if (at_begin) marker = list_marker(text);
  const std::vector<bool> brackets = meant_brackets(text, after, at_begin);
  for (size_t k = 0; k < text.size(); ++k) {
    const char c = text[k];
    const char next = k + 1 < text.size() ? text[k + 1] : after;
    const char previous = k > 0 ? text[k - 1] : line_before.empty() ? '\0' : line_before.back();
    if (c == '\n') {
      // A line end within a text is no line break: it becomes a blank.
      made += ' ';
      continue;
    }
    if (at_begin && (c == ' ' || c == '\t')) {
      made += c == ' ' ? "&#32;" : "&#9;";
      continue;
    }
    bool escape = false;
    switch (c) {
      case '\\':
      case '`':
      case '*':
      case '<':
      case '~':
      case '^':
      case '$':
      case '{':
        escape = true;
        break;
      case '_':
        escape = !(is_word(previous) && is_word(next));
        break;
      case '&':
        escape = is_letter(next) || next == '#';
        break;
      case '@':
        escape = !is_word(previous);
        break;
      case '!':
        escape = next == '[';
        break;
      case '[':
      case ']':
        escape = brackets[k];
        break;
      case '|':
        escape = is_in_cell || at_begin;
        break;
      default:
        break;
    }
    if (at_begin && !escape) escape = opens_a_block(text.substr(k));
    if (k == marker) escape = true;
    if (escape) made += '\\';
    made += c;
    at_begin = false;
  }
  return made;
}

std::string code_span(std::string_view text) {
  size_t longest = 0, run = 0;
  for (char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  // A blank on both sides is taken away again by the reader.
  const bool is_blank = !text.empty() && text.find_first_not_of(' ') == std::string_view::npos;
  const bool needs_room = text.empty() || text.front() == '`' || text.back() == '`' ||
                          (!is_blank && text.front() == ' ' && text.back() == ' ');
  std::string made = fence + (needs_room ? " " : "");
  for (char c : text) made += c == '\n' ? ' ' : c;
  return made + (needs_room ? " " : "") + fence;
}

std::string yaml_string(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string made = "\"";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      made += {'\\', c};
    else if (c == '\n')
      made += "\\n";
    else if (byte < 0x20 || byte == 0x7F)
      made += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    else
      made += c;
  }
  return made + "\"";
}

std::string target(std::string_view href) {
  std::string made = "<";
  for (char c : href) {
    if (c == '<' || c == '>' || c == '\\' || c == '&') made += '\\';
    made += c == '\n' ? ' ' : c;
  }
  return made + ">";
}

std::string title(std::string_view text) {
  std::string made = " \"";
  for (char c : text) {
    if (c == '"' || c == '\\' || c == '&') made += '\\';
    made += c == '\n' ? ' ' : c;
  }
  return made + '"';
}

}  // namespace markdown

// SPDX-License-Identifier: Apache-2.0
// Characters and small forms that the block pass and the inline pass of the importer both know.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace markdown {

constexpr size_t none = std::string_view::npos;

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter_or_digit(char c) { return is_letter(c) || is_digit(c); }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
constexpr bool is_line_end(char c) { return c == '\n' || c == '\r'; }
constexpr bool is_space(char c) { return is_blank(c) || is_line_end(c) || c == '\f' || c == '\v'; }
constexpr bool is_punctuation(char c) {
  return (c > ' ' && c < '0') || (c > '9' && c < 'A') || (c > 'Z' && c < 'a') || (c > 'z' && c < 0x7F);
}
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// The first place from `at` that is no blank.
inline size_t after_blanks(std::string_view s, size_t at) {
  while (at < s.size() && is_blank(s[at])) ++at;
  return at;
}
inline size_t after_spaces(std::string_view s, size_t at) {
  while (at < s.size() && is_space(s[at])) ++at;
  return at;
}
inline size_t run_of(std::string_view s, size_t at, char c) {
  const size_t begin = at;
  while (at < s.size() && s[at] == c) ++at;
  return at - begin;
}
inline std::string_view trimmed(std::string_view s) {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

/// {#id .class key=value lang=de}, as pandoc reads it.
struct attributes {
  std::string id, classes, format;  // format: {=html}
  std::vector<std::pair<std::string, std::string>> others;
  bool is_empty() const { return id.empty() && classes.empty() && format.empty() && others.empty(); }
  const std::string *find(std::string_view key) const;
};

/// The place after the attributes that begin at `at` with a brace; `none` when they are not well formed or empty.
size_t read_attributes(std::string_view s, size_t at, attributes &into);
/// The same, in the way that a writer needs it: with braces, or nothing.
std::string written(const attributes &);

/// The text of a character reference (&amp; &#38; &#x26;) at `at`, and the place after it; `none` when it is none.
size_t read_entity(std::string_view s, size_t at, std::string &text);

/// Backslash escapes and character references resolved, as in targets, titles and info strings.
std::string resolved(std::string_view s);

/// The place after an HTML tag, comment, instruction, declaration or CDATA section that begins at `at`. `no_end` keeps
/// in mind which ends are not to be found from where on, so that many begins cost no more than one.
struct missing_ends {
  size_t comment = none, instruction = none, declaration = none, cdata = none;
};
size_t read_html(std::string_view s, size_t at, missing_ends &no_end);
/// The place after an opening or a closing tag.
size_t read_tag(std::string_view s, size_t at);

/// A link's target and title; `none` when there is none of that form.
size_t read_target(std::string_view s, size_t at, std::string &target);
size_t read_title(std::string_view s, size_t at, std::string &title);
/// [label]: the place after the bracket; the label is what stands between.
size_t read_label(std::string_view s, size_t at, std::string_view &label);
/// As labels are compared: case folded, blanks collapsed.
std::string normalized_label(std::string_view label);

/// Where the cells of a table's row are: without its outer pipes, parted at pipes that are not escaped.
std::vector<std::pair<size_t, size_t>> cells_of(std::string_view row);

}  // namespace markdown

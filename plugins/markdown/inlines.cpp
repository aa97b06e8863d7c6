// SPDX-License-Identifier: Apache-2.0
// Inlines as Markdown; where its marks cannot stand next to what is there, HTML elements do.
#include "escape.hpp"
#include "markdown.hpp"

#include <algorithm>
#include <array>

namespace markdown {

using calque::kind;

namespace {

/// Two spans of code side by side would read as one with other fences; an empty comment parts them.
void part_from_code(std::string &out) {
  if (!out.empty() && out.back() == '`') out += "<!-- -->";
}

bool is_gap(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\0'; }

/// Whether the marks of emphasis open and close around a text with these neighbours. Bytes of other scripts may be
/// punctuation or blanks of theirs, so that beside them only ASCII letters and digits are taken for sure.
bool can_stand(char before, char first, char last, char after) {
  if (is_gap(first) || is_gap(last)) return false;
  auto is_outer = [](char c) { return is_gap(c) || is_punctuation(c); };
  auto is_plain = [](char c) { return !is_gap(c) && !is_punctuation(c) && static_cast<unsigned char>(c) < 0x80; };
  const bool opens = is_gap(before) || is_plain(first) || (is_outer(before) && before != '*');
  const bool closes = is_gap(after) || is_plain(last) || (is_outer(after) && after != '*');
  const auto high = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
  if (high(before) || high(after)) return is_plain(first) && is_plain(last);
  if (high(first) && !is_outer(before)) return false;
  if (high(last) && !is_outer(after)) return false;
  return opens && closes && before != '*' && after != '*';
}

}  // namespace

std::string writer::inlines(uint32_t first, uint32_t end, place where, std::string before) {
  std::string made = std::move(before);
  siblings(first, end, made, where);
  while (made.ends_with(' ')) made.pop_back();
  return made;
}

void writer::children_inline(node n, std::string &out, const place &where) {
  siblings(n.index() + 1, n.end_index(), out, where);
}

/// Text on both sides of a line's end is one text for whoever reads it, so its brackets are judged together.
void writer::siblings(uint32_t first, uint32_t end, std::string &out, const place &where) {
  for (uint32_t i = first; i < end;) {
    if (!document_.at(i).is(kind::text)) {
      node_inline(document_.at(i), out, where);
      i = document_.at(i).end_index();
      continue;
    }
    std::string words;
    for (; i < end && (document_.at(i).is(kind::text) || document_.at(i).is(kind::soft_break)); ++i) {
      const node piece = document_.at(i);
      if (piece.is(kind::text)) {
        words += text_of(piece);
        continue;
      }
      account_.emitted(piece);
      const std::string &so_far = words.empty() ? out : words;
      if (!so_far.empty() && !is_gap(so_far.back())) words += ' ';
    }
    // What follows may be a link or an image of ours, which begin with a bracket.
    out += escaped(words, out, '[', where.is_in_cell);
  }
}

void writer::node_inline(node n, std::string &out, const place &where) {
  if (n.is_leaf()) return leaf(n, out, where);
  account_.emitted(n);
  switch (n.kind()) {
    case kind::emphasis:
      return wrap(n, "*", "em", out, where);
    case kind::strong:
      return wrap(n, "**", "strong", out, where);
    case kind::strikeout:
      return wrap(n, "~~", "s", out, where);
    case kind::underline:
      return wrap(n, {}, "u", out, where);
    case kind::superscript:
      return wrap(n, {}, "sup", out, where);
    case kind::subscript:
      return wrap(n, {}, "sub", out, where);
    case kind::small_caps:
      return wrap(n, {}, "small", out, where);
    case kind::link:
      if (auto href = n.attr("href")) {
        out += '[';
        children_inline(n, out, where);
        out += "](" + target(*href);
        if (auto text = n.attr("title")) out += title(*text);
        out += ')' + written(attributes_of(n));
        return;
      }
      break;
    case kind::span:
      if (const std::string attrs = written(attributes_of(n)); !attrs.empty()) {
        out += '[';
        children_inline(n, out, where);
        out += ']' + attrs;
        return;
      }
      break;
    default:
      break;
  }
  not_a_kind(n);
  children_inline(n, out, where);
}

void writer::wrap(node n, std::string_view mark, std::string_view element, std::string &out, const place &where) {
  const std::string_view text = document_.text();
  const auto range = n.range();
  const char before = range.begin > where.block.begin ? text[range.begin - 1] : '\0';
  const char after = range.end < where.block.end ? text[range.end] : '\0';
  // All but plain text begins and ends with signs of its own, whatever its words are.
  char first = '\0', last = '\0';
  for (node child : n.children()) {
    const bool is_plain = child.is(kind::text), is_blank = child.is(kind::soft_break) || child.is(kind::line_break);
    if (child.index() == n.index() + 1) first = is_blank ? ' ' : !is_plain ? '<' : n.text().empty() ? '\0' : n.text().front();
    last = is_blank ? ' ' : !is_plain ? '>' : n.text().empty() ? '\0' : n.text().back();
  }
  const bool is_marked = !mark.empty() && !n.text().empty() && can_stand(before, first, last, after) && !out.ends_with('*') && !out.ends_with('~');
  if (is_marked)
    out += mark;
  else
    out += "<" + std::string(element) + ">";
  children_inline(n, out, where);
  if (is_marked && (out.ends_with('*') || out.ends_with('~'))) out += "<!-- -->";
  if (is_marked)
    out += mark;
  else
    out += "</" + std::string(element) + ">";
}

/// The text of a leaf without characters that have no place in Markdown.
std::string writer::text_of(node n) {
  account_.emitted(n);
  std::string replaced;
  if (edition::replace_forbidden(n.text(), replaced)) changed_.emplace(n.index(), "markdown.forbidden-character");
  return replaced;
}

void writer::leaf(node n, std::string &out, const place &where) {
  switch (n.kind()) {
    case kind::line_break:
      account_.emitted(n);
      out += where.is_in_cell ? "<br>" : where.is_one_line ? " " : "\\\n";
      return;
    case kind::soft_break:
      account_.emitted(n);
      if (!out.empty() && !is_gap(out.back())) out += ' ';
      return;
    case kind::code: {
      std::string text = code_span(text_of(n));
      if (where.is_in_cell)
        for (size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
      part_from_code(out);
      out += text + written(attributes_of(n));
      return;
    }
    case kind::math:
      out += '$' + text_of(n) + '$';
      return;
    case kind::raw: {
      const auto format = n.attr("format");
      missing_ends no_end;
      // HTML that is one tag, comment or the like stands as it is.
      if (format == "html" && read_html(n.text(), 0, no_end) == n.text().size()) {
        std::string text = text_of(n);
        if (where.is_one_line || where.is_in_cell) std::replace(text.begin(), text.end(), '\n', ' ');
        if (where.is_in_cell)
          for (size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
        out += text;
        return;
      }
      part_from_code(out);
      out += code_span(text_of(n));
      if (format) out += "{=" + std::string(*format) + "}";
      return;
    }
    case kind::image: {
      account_.emitted(n);
      changed_.emplace(n.index(), "markdown.image-by-name");
      std::string alternative(n.text()), calls;
      for (node aside : reading_.asides_of(n)) {
        // An alternative text is one string: notes that it calls are called after the image.
        for (uint32_t i = aside.index(); i < aside.end_index();) {
          const node part = document_.at(i);
          const bool is_nested = part.is(kind::aside) && i > aside.index();
          if (!is_nested) account_.emitted(part);
          i = is_nested ? part.end_index() : i + 1;
        }
        for (node further : reading_.asides_below(aside)) calls += "[^" + std::to_string(number_of(further)) + "]";
        alternative += (alternative.empty() ? "" : " ") + edition::plain_text(document_, aside);
      }
      out += "![" + escaped(alternative, "x", ']', where.is_in_cell) + "](" + target(n.attr("resource").value_or(""));
      if (auto text = n.attr("title")) out += title(*text);
      out += ")" + written(attributes_of(n)) + calls;
      return;
    }
    case kind::anchor:
      out += escaped(text_of(n), out, '[', where.is_in_cell);
      for (node aside : reading_.asides_of(n)) out += "[^" + std::to_string(number_of(aside)) + "]";
      return;
    default:
      out += escaped(text_of(n), out, '[', where.is_in_cell);
  }
}

/// Those of a node that are no part of its kind's own form.
attributes writer::attributes_of(node n) {
  static constexpr std::array<std::string_view, 21> own{
      "align", "anchor", "aside", "checked", "colspan", "delimiter", "format", "header", "href",  "info", "key",
      "label", "level",  "resource", "role", "rowspan", "start",     "style",  "tight",  "title", "of"};
  attributes found;
  n.each_attr([&](std::string_view key, std::string_view value) {
    const bool is_plain = key.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:") == none;
    if (key == "id")
      found.id = value;
    else if (key == "class")
      found.classes = value;
    else if (is_plain && std::find(own.begin(), own.end(), key) == own.end())
      found.others.emplace_back(key, value);
  });
  return found;
}

/// Puts a note off to the end of the file; its number.
size_t writer::number_of(node aside) {
  notes_.push_back(aside);
  return notes_.size();
}

}  // namespace markdown

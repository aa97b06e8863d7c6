// SPDX-License-Identifier: Apache-2.0
// What elements are and hold, by HTML's own names.
#include "plugins/common/html/tree.hpp"

#include "plugins/common/html/markup.hpp"

#include <unicode/stringpiece.h>
#include <unicode/unistr.h>

namespace calque::plugins::html_reading {

std::string valid(std::string_view text) {
  std::string made;
  icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size()))).toUTF8String(made);
  return made;
}

std::string lower(std::string_view text) {
  std::string made(text);
  for (char &c : made)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return made;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string name_of(element e) {
  if (!is_element(e)) return {};
  return e->tag == GUMBO_TAG_UNKNOWN ? std::string(e->text) : gumbo_normalized_tagname(static_cast<GumboTag>(e->tag));
}

const attribute *find_attribute(element e, std::string_view name) {
  for (const attribute &one : attributes_of(e))
    if (same_word(one.name, name)) return &one;
  return nullptr;
}

std::optional<std::string_view> value_of(element e, std::string_view name) {
  const attribute *found = find_attribute(e, name);
  return found == nullptr ? std::nullopt : std::optional(found->value);
}

bool has_word(std::optional<std::string_view> list, std::string_view word) {
  if (!list) return false;
  for (size_t at = 0; at < list->size();) {
    while (at < list->size() && is_space((*list)[at])) ++at;
    size_t end = at;
    while (end < list->size() && !is_space((*list)[end])) ++end;
    if (end - at == word.size() && lower(list->substr(at, end - at)) == word) return true;
    at = end;
  }
  return false;
}

bool is_unread(element e) {
  if (!is_element(e)) return false;
  return e->type == node_type::template_contents || e->tag == GUMBO_TAG_SCRIPT || e->tag == GUMBO_TAG_STYLE ||
         tag_of(e) == GUMBO_TAG_TEMPLATE;
}

namespace {

void add_text(element e, std::string &to) {
  if (is_text(e)) {
    to += e->text;
  } else if (!is_unread(e)) {
    for (element child : children(e)) add_text(child, to);
  }
}

}  // namespace

std::string plain_text(element e) {
  std::string raw, made;
  add_text(e, raw);
  for (char c : raw) {
    if (!is_space(c))
      made += c;
    else if (!made.empty() && made.back() != ' ')
      made += ' ';
  }
  if (!made.empty() && made.back() == ' ') made.pop_back();
  return made;
}

bool is_block(element e) {
  switch (tag_of(e)) {
    case GUMBO_TAG_HTML: case GUMBO_TAG_BODY: case GUMBO_TAG_ARTICLE: case GUMBO_TAG_SECTION: case GUMBO_TAG_NAV:
    case GUMBO_TAG_ASIDE: case GUMBO_TAG_H1: case GUMBO_TAG_H2: case GUMBO_TAG_H3: case GUMBO_TAG_H4:
    case GUMBO_TAG_H5: case GUMBO_TAG_H6: case GUMBO_TAG_HGROUP: case GUMBO_TAG_HEADER: case GUMBO_TAG_FOOTER:
    case GUMBO_TAG_ADDRESS: case GUMBO_TAG_P: case GUMBO_TAG_HR: case GUMBO_TAG_PRE: case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_OL: case GUMBO_TAG_UL: case GUMBO_TAG_LI: case GUMBO_TAG_DL: case GUMBO_TAG_DT: case GUMBO_TAG_DD:
    case GUMBO_TAG_FIGURE: case GUMBO_TAG_FIGCAPTION: case GUMBO_TAG_MAIN: case GUMBO_TAG_DIV: case GUMBO_TAG_TABLE:
    case GUMBO_TAG_CAPTION: case GUMBO_TAG_TBODY: case GUMBO_TAG_THEAD: case GUMBO_TAG_TFOOT: case GUMBO_TAG_TR:
    case GUMBO_TAG_TD: case GUMBO_TAG_TH: case GUMBO_TAG_FORM: case GUMBO_TAG_FIELDSET: case GUMBO_TAG_LEGEND:
    case GUMBO_TAG_DETAILS: case GUMBO_TAG_SUMMARY: case GUMBO_TAG_MENU: case GUMBO_TAG_DIR: case GUMBO_TAG_CENTER:
    case GUMBO_TAG_LISTING: case GUMBO_TAG_XMP: case GUMBO_TAG_PLAINTEXT: case GUMBO_TAG_MULTICOL:
    case GUMBO_TAG_MARQUEE: case GUMBO_TAG_OPTGROUP: case GUMBO_TAG_OPTION: case GUMBO_TAG_FRAMESET:
    case GUMBO_TAG_NOFRAMES:
      return true;
    case GUMBO_TAG_UNKNOWN: {
      if (!is_element(e) || e->space != vocabulary::html) return false;
      const std::string name = name_of(e);
      return name == "search" || name == "dialog";
    }
    default:
      return false;
  }
}

bool has_structure_inside(element e) {
  for (element child : children(e)) {
    if (!is_element(child) || is_unread(child)) continue;
    switch (tag_of(child)) {
      case GUMBO_TAG_H1: case GUMBO_TAG_H2: case GUMBO_TAG_H3: case GUMBO_TAG_H4: case GUMBO_TAG_H5: case GUMBO_TAG_H6:
      case GUMBO_TAG_OL: case GUMBO_TAG_UL: case GUMBO_TAG_DL: case GUMBO_TAG_TABLE: case GUMBO_TAG_FIGURE:
      case GUMBO_TAG_PRE:
        return true;
      default:
        if (has_structure_inside(child)) return true;
    }
  }
  return false;
}

bool has_block_inside(element e) {
  for (element child : children(e))
    if (is_element(child) && !is_unread(child) && (is_block(child) || has_block_inside(child))) return true;
  return false;
}

}  // namespace calque::plugins::html_reading

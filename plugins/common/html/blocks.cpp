// SPDX-License-Identifier: Apache-2.0
// Elements that are blocks: headings, lists, tables, figures, and the parts of a page.
#include "plugins/common/html/page_reader.hpp"

#include <algorithm>

namespace calque::plugins::html_reading {

namespace {

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 9 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view style_name(std::string_view type) {
  if (type == "1") return "decimal";
  if (type == "a") return "lower_alpha";
  if (type == "A") return "upper_alpha";
  if (type == "i") return "lower_roman";
  if (type == "I") return "upper_roman";
  return {};
}

std::string style_of_list(element e) {
  std::string name(style_name(trimmed(value_of(e, "type").value_or(""))));
  if (name.empty()) name = style_of(e, "list-style-type");
  std::replace(name.begin(), name.end(), '-', '_');
  if (name == "lower_latin") name = "lower_alpha";
  if (name == "upper_latin") name = "upper_alpha";
  return name;
}

/// What a browser takes for the number of an item.
std::optional<std::string> whole_number(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  const std::string_view digits = trimmed(*text);
  if (is_number(digits) || (digits.starts_with('-') && is_number(digits.substr(1)))) return std::string(digits);
  return std::nullopt;
}

bool is_table_part(element e) {
  const GumboTag tag = tag_of(e);
  return tag == GUMBO_TAG_THEAD || tag == GUMBO_TAG_TBODY || tag == GUMBO_TAG_TFOOT;
}

}  // namespace

void page_reader::text_block(element e, kind k, attributes attrs, text_place::way how) {
  flow_.end_block();
  if (flow_.place().how == text_place::way::single) return nodes(e), flow_.end_block();
  text_place outside = flow_.put_place({how, k, std::move(attrs)});
  nodes(e);
  // A paragraph without words is layout; a heading without them still parts what is before from what follows.
  if (k == kind::heading) flow_.begin_block();
  flow_.close();
  flow_.put_place(std::move(outside));
}

/// A container with what it holds. Where only inlines may stand, it is no more than a break.
void page_reader::container(element e, kind k, attributes attrs, bool even_without) {
  flow_.end_block();
  if (flow_.place().how == text_place::way::single || (attrs.empty() && !even_without)) {
    nodes(e);
    return flow_.end_block();
  }
  const scope opened = account_.out().begin(k);
  flow_.write_attributes(attrs);
  text_place outside = flow_.put_place({});
  nodes(e);
  flow_.close();
  flow_.put_place(std::move(outside));
}

/// An item or a cell: inlines stand in it directly where it holds nothing else.
void page_reader::item(element e, kind k, attributes attrs) {
  flow_.end_block();
  if (flow_.place().how == text_place::way::single) return nodes(e), flow_.end_block();
  const scope opened = account_.out().begin(k);
  flow_.write_attributes(attrs);
  using way = text_place::way;
  text_place outside = flow_.put_place({has_block_inside(e) ? way::loose : way::direct, kind::paragraph, {}});
  nodes(e);
  flow_.close();
  flow_.put_place(std::move(outside));
}

void page_reader::block(element e) {
  if (edition_text_ != nullptr && edition_block(e)) return;
  attributes attrs = common_attributes(e);
  const std::string role = role_of(e);
  if (!role.empty()) attrs.emplace_back("role", role);
  switch (const GumboTag tag = tag_of(e)) {
    case GUMBO_TAG_P:
      return text_block(e, kind::paragraph, std::move(attrs));
    case GUMBO_TAG_H1: case GUMBO_TAG_H2: case GUMBO_TAG_H3: case GUMBO_TAG_H4: case GUMBO_TAG_H5: case GUMBO_TAG_H6:
      // One that holds lists, tables or headings is what they stand in.
      if (has_structure_inside(e)) return container(e, kind::division, std::move(attrs), false);
      attrs.emplace_back("level", std::string(1, static_cast<char>('1' + (tag - GUMBO_TAG_H1))));
      return text_block(e, kind::heading, std::move(attrs), text_place::way::single);
    case GUMBO_TAG_HGROUP:
      return heading_group(e);
    case GUMBO_TAG_SUMMARY: case GUMBO_TAG_LEGEND:
      attrs.emplace_back("role", tag == GUMBO_TAG_SUMMARY ? "summary" : "legend");
      return has_block_inside(e) ? container(e, kind::division, std::move(attrs))
                                 : text_block(e, kind::paragraph, std::move(attrs));
    case GUMBO_TAG_UL: case GUMBO_TAG_MENU: case GUMBO_TAG_DIR:
      return list(e, false);
    case GUMBO_TAG_OL:
      return list(e, true);
    case GUMBO_TAG_LI:
      return item(e, kind::list_item, std::move(attrs));
    case GUMBO_TAG_DL:
      return definitions(e);
    case GUMBO_TAG_DT:
      if (has_structure_inside(e)) return item(e, kind::definition, std::move(attrs));
      return text_block(e, kind::term, std::move(attrs), text_place::way::single);
    case GUMBO_TAG_DD:
      return item(e, kind::definition, std::move(attrs));
    case GUMBO_TAG_TABLE:
      return table(e);
    case GUMBO_TAG_TR:
      return row(e, {}, {});
    case GUMBO_TAG_TD: case GUMBO_TAG_TH:
      return item(e, kind::cell, std::move(attrs));
    case GUMBO_TAG_FIGURE:
      return figure(e);
    case GUMBO_TAG_FIGCAPTION: case GUMBO_TAG_CAPTION:
      if (has_structure_inside(e)) {
        attrs.emplace_back("role", "caption");
        return container(e, kind::division, std::move(attrs));
      }
      return text_block(e, kind::caption, std::move(attrs), text_place::way::single);
    case GUMBO_TAG_PRE: case GUMBO_TAG_LISTING: case GUMBO_TAG_XMP: case GUMBO_TAG_PLAINTEXT:
      return preformatted(e);
    case GUMBO_TAG_BLOCKQUOTE:
      add(attrs, "cite", value_of(e, "cite"));
      return container(e, kind::block_quote, std::move(attrs));
    case GUMBO_TAG_HR: {
      flow_.end_block();
      if (flow_.place().how == text_place::way::single) return;
      const scope rule = account_.out().begin(kind::rule);
      return flow_.write_attributes(attrs);
    }
    case GUMBO_TAG_SECTION: case GUMBO_TAG_ARTICLE:
      return container(e, kind::section, std::move(attrs));
    case GUMBO_TAG_NOFRAMES:
      return fallback(e);
    case GUMBO_TAG_FRAMESET:
      return nodes(e);
    default:
      // A <div> that says nothing is layout: it parts blocks and is no node.
      return container(e, kind::division, std::move(attrs), false);
  }
}

void page_reader::heading_group(element e) {
  flow_.end_block();
  bool has_heading = false;
  for (element child : children(e)) {
    const bool is_heading = tag_of(child) >= GUMBO_TAG_H1 && tag_of(child) <= GUMBO_TAG_H6;
    if (has_heading && (is_heading || tag_of(child) == GUMBO_TAG_P))
      text_block(child, kind::subtitle, common_attributes(child), text_place::way::single);
    else
      node(child);
    has_heading = has_heading || is_heading;
  }
}

void page_reader::list(element e, bool is_ordered) {
  flow_.end_block();
  if (flow_.place().how == text_place::way::single) return nodes(e), flow_.end_block();
  attributes attrs = common_attributes(e);
  if (const std::string role = role_of(e); !role.empty()) attrs.emplace_back("role", role);
  if (is_ordered) {
    if (const auto start = whole_number(value_of(e, "start"))) attrs.emplace_back("start", *start);
    if (const std::string style = style_of_list(e); !style.empty()) attrs.emplace_back("style", style);
    if (value_of(e, "reversed")) attrs.emplace_back("reversed", "true");
  }
  const scope opened = account_.out().begin(is_ordered ? kind::ordered_list : kind::bullet_list);
  flow_.write_attributes(attrs);
  text_place outside = flow_.put_place({});
  for (element child : children(e)) {
    if (tag_of(child) == GUMBO_TAG_LI && !notes_.body_of(child) && !notes_.is_shell(child)) {
      attributes of_item = common_attributes(child);
      if (const std::string role = role_of(child); !role.empty()) of_item.emplace_back("role", role);
      if (const auto value = whole_number(value_of(child, "value")); value && is_ordered) of_item.emplace_back("value", *value);
      if (is_hidden(child) && !options_.keep_hidden)
        skip_text(child, "hidden-dropped");
      else if (is_dress(child))
        dress(child);
      else
        item(child, kind::list_item, std::move(of_item));
    } else if (is_element(child) && is_block(child) && !is_of_note(child)) {
      // A list in a list, or a stray block: it is an item of its own.
      flow_.close();
      const scope stray = account_.out().begin(kind::list_item);
      node(child);
      flow_.close();
    } else if (!is_element(child) || !is_block(child)) {
      node(child);
    }
  }
  flow_.close();
  flow_.put_place(std::move(outside));
}

void page_reader::definitions(element e) {
  flow_.end_block();
  if (flow_.place().how == text_place::way::single) return nodes(e), flow_.end_block();
  attributes attrs = common_attributes(e);
  const scope opened = account_.out().begin(kind::definition_list);
  flow_.write_attributes(attrs);
  text_place outside = flow_.put_place({});
  for (element child : children(e)) {
    if (tag_of(child) == GUMBO_TAG_DIV && common_attributes(child).empty() && !is_of_note(child))
      nodes(child);  // a group of terms and definitions
    else if (tag_of(child) != GUMBO_TAG_DIV || !is_of_note(child))
      node(child);
  }
  flow_.close();
  flow_.put_place(std::move(outside));
}

void page_reader::table(element e) {
  flow_.end_block();
  if (flow_.place().how == text_place::way::single) return nodes(e), flow_.end_block();
  attributes attrs = common_attributes(e);
  if (const std::string role = role_of(e); !role.empty()) attrs.emplace_back("role", role);
  add(attrs, "summary", value_of(e, "summary"));
  const scope opened = account_.out().begin(kind::table);
  flow_.write_attributes(attrs);
  text_place outside = flow_.put_place({});
  for (element child : children(e)) {
    if (is_table_part(child) && !is_of_note(child))
      rows(child, tag_of(child) == GUMBO_TAG_THEAD ? "head" : tag_of(child) == GUMBO_TAG_TFOOT ? "foot" : "");
    else if (tag_of(child) != GUMBO_TAG_COLGROUP && tag_of(child) != GUMBO_TAG_COL && !is_table_part(child))
      node(child);
  }
  flow_.close();
  flow_.put_place(std::move(outside));
}

void page_reader::rows(element part, std::string_view name) {
  const attributes inherited = common_attributes(part);
  for (element child : children(part)) {
    if (tag_of(child) == GUMBO_TAG_TR && !is_of_note(child))
      row(child, name, inherited);
    else if (tag_of(child) != GUMBO_TAG_TR)
      node(child);
  }
}

void page_reader::row(element e, std::string_view part, const attributes &inherited) {
  flow_.end_block();
  if (flow_.place().how == text_place::way::single) return nodes(e), flow_.end_block();
  if (is_hidden(e) && !options_.keep_hidden) return skip_text(e, "hidden-dropped");
  attributes attrs = common_attributes(e);
  for (const auto &one : inherited)
    if (std::none_of(attrs.begin(), attrs.end(), [&](const auto &own) { return own.first == one.first; }))
      attrs.push_back(one);
  if (!part.empty()) attrs.emplace_back("part", part);
  const scope opened = account_.out().begin(kind::row);
  flow_.write_attributes(attrs);
  text_place outside = flow_.put_place({});
  for (element child : children(e)) {
    const GumboTag tag = tag_of(child);
    if ((tag != GUMBO_TAG_TD && tag != GUMBO_TAG_TH) || is_of_note(child)) {
      if (tag != GUMBO_TAG_TD && tag != GUMBO_TAG_TH) node(child);
      continue;
    }
    if (is_dress(child)) {
      dress(child);
      continue;
    }
    attributes of_cell = common_attributes(child);
    if (tag == GUMBO_TAG_TH) of_cell.emplace_back("header", "true");
    for (const char *name : {"colspan", "rowspan"})
      if (const auto span = whole_number(value_of(child, name)); span && *span != "1") of_cell.emplace_back(name, *span);
    for (const char *name : {"scope", "abbr"}) add(of_cell, name, value_of(child, name));
    item(child, kind::cell, std::move(of_cell));
  }
  flow_.close();
  flow_.put_place(std::move(outside));
}

void page_reader::figure(element e) {
  flow_.end_block();
  if (flow_.place().how == text_place::way::single) return nodes(e), flow_.end_block();
  attributes attrs = common_attributes(e);
  bool has_blocks = false;
  for (element child : children(e))
    has_blocks = has_blocks || (is_element(child) && tag_of(child) != GUMBO_TAG_FIGCAPTION &&
                                (is_block(child) || has_block_inside(child)));
  const scope opened = account_.out().begin(kind::figure);
  flow_.write_attributes(attrs);
  using way = text_place::way;
  text_place outside = flow_.put_place({has_blocks ? way::loose : way::direct, kind::paragraph, {}});
  nodes(e);
  flow_.close();
  flow_.put_place(std::move(outside));
}

void page_reader::preformatted(element e) {
  attributes attrs = common_attributes(e);
  for (element from = e; from != nullptr;) {
    const std::string_view words = value_of(from, "class").value_or("");
    for (std::string_view prefix : {"language-", "lang-", "sourceCode "}) {
      const size_t at = words.find(prefix);
      if (at == std::string_view::npos) continue;
      const std::string_view rest = words.substr(at + prefix.size());
      add(attrs, "language", rest.substr(0, rest.find(' ')));
      from = nullptr;
      break;
    }
    if (from == nullptr) break;
    element code = nullptr;
    for (element child : children(from))
      if (code == nullptr && tag_of(child) == GUMBO_TAG_CODE) code = child;
    from = code;
  }
  text_block(e, kind::code_block, std::move(attrs), text_place::way::single);
}

}  // namespace calque::plugins::html_reading

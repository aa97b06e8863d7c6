// SPDX-License-Identifier: Apache-2.0
// Blocks of a page: each kind and its element.
#include "plugins/common/page/page_writer.hpp"

#include <algorithm>

namespace edition {

using calque::kind;

void page_writer::blocks(node parent) {
  children(parent, parent.index() + 1, parent.end_index());
}

void page_writer::children(node parent, uint32_t first, uint32_t last) {
  for (uint32_t i = first; i < last;) {
    const node n = document_.at(i);
    comes_to(n);
    if (is_inline(n)) {
      const uint32_t after = std::min(end_of_inlines(document_, parent, i), last);
      out_ += "<p>";
      inlines(i, after, parent.range());
      out_ += "</p>\n";
      i = after;
      continue;
    }
    if (n.is(kind::aside)) {
      const bool is_field = parent.index() == 0 && n.attr("role") == "field";
      if (!is_field) loose_aside(n);
    } else {
      block(n);
    }
    i = n.end_index();
  }
}

void page_writer::open_block(node n, std::string_view element, std::string_view attributes) {
  account_.emitted(n);
  note_languages(n.range());
  const std::string language = language_attributes(n);
  start(element, id(n) + std::string(attributes) + language);
  enter_language_of(n);
}

void page_writer::close_block(std::string_view element) {
  end(element);
  out_ += '\n';
  languages_.pop_back();
}

void page_writer::text_block(node n, std::string_view element, std::string_view attributes) {
  open_block(n, element, attributes);
  inlines(n.index() + 1, n.end_index(), n.range());
  close_block(element);
}

void page_writer::container(node n, std::string_view element, std::string_view attributes) {
  open_block(n, element, attributes);
  out_ += '\n';
  blocks(n);
  close_block(element);
}

void page_writer::part(node n) {
  container(n, begins_with_heading(n) ? "section" : "div", attribute("class", n.kind_name()));
}

void page_writer::block(node n) {
  switch (n.kind()) {
    case kind::paragraph:
      return text_block(n, "p");
    case kind::heading:
      return heading(n);
    case kind::subtitle:
      return text_block(n, "p", " class=\"subtitle\"");
    case kind::caption:
      return text_block(n, "p", " class=\"caption\"");
    case kind::speaker:
      return text_block(n, "p", " class=\"speaker\"");
    case kind::stage_direction:
      return text_block(n, "p", " class=\"stage\"");
    case kind::term:
      return text_block(n, "p", " class=\"term\"");
    case kind::line:
      return text_block(n, "p", " class=\"line\"");
    case kind::raw_block:
    case kind::code_block:
      return code(n);
    case kind::rule:
      if (!n.range().is_empty() || n.end_index() != n.index() + 1) return text_block(n, "p", " class=\"rule\"");
      account_.emitted(n);
      void_element("hr", id(n));
      out_ += '\n';
      return;
    case kind::block_quote:
      return container(n, "blockquote");
    case kind::bullet_list:
    case kind::ordered_list:
      return list(n);
    case kind::definition_list:
      return definitions(n);
    case kind::table:
      return table(n);
    case kind::figure:
      return figure(n);
    case kind::line_block:
      return container(n, "div", " class=\"lines\"");
    case kind::speech:
      return speech(n);
    case kind::section:
    case kind::division:
    case kind::version:
    case kind::attachment:
      return part(n);
    default:
      // An orphan (a row without a table) or a kind with a name of its own.
      if (static_cast<uint16_t>(n.kind()) >= CALQUE_KIND_NAMED) changed_.emplace(n.index(), form_.codes.unknown_kind);
      if (n.is_text_block()) return text_block(n, "p", attribute("data-kind", n.kind_name()));
      return container(n, "div", attribute("data-kind", n.kind_name()));
  }
}

/// Ranks follow how headings nest, so that none is skipped.
void page_writer::heading(node n) {
  const auto level = static_cast<int64_t>(number_of(n.attr("level"), 1, 100));
  while (!levels_.empty() && levels_.back() >= level) levels_.pop_back();
  levels_.push_back(level);
  const std::string attributes = heading_begins(n, levels_.size());
  text_block(n, "h" + std::to_string(std::min<size_t>(levels_.size() - 1 + form_.top_heading, 6)), attributes);
}

void page_writer::code(node n) {
  if (n.is(kind::raw_block) && is_own_notation(n)) {
    account_.emitted(n);
    inlines(n.index() + 1, n.end_index(), n.range());
    out_ += '\n';
    return;
  }
  open_block(n, "pre");
  // A parser of HTML drops a line end right after the tag.
  if (!form_.is_xml && n.text().starts_with('\n')) out_ += '\n';
  out_ += "<code>";
  inlines(n.index() + 1, n.end_index(), n.range());
  out_ += "</code>";
  close_block("pre");
}

void page_writer::figure(node n) {
  open_block(n, "figure");
  out_ += '\n';
  uint32_t last_block = 0;
  for (node child : n.children())
    if (!child.is(kind::aside)) last_block = child.index();
  bool has_caption = false, is_first = true;
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    const uint32_t after = end_of_child(n, i);
    // A figure has one caption, as its first or last part.
    if (child.is(kind::caption) && !has_caption && (is_first || i == last_block)) {
      text_block(child, "figcaption");
      has_caption = true;
    } else {
      children(n, i, after);
    }
    is_first = is_first && child.is(kind::aside);
    i = after;
  }
  close_block("figure");
}

/// The label leads to its person, unless something in it leads elsewhere.
void page_writer::speech(node n) {
  const auto *person = reading_.speaker_of(n);
  std::string attributes = " class=\"speech\"";
  std::optional<node> label;
  for (node child : n.children())
    if (!label && child.is(kind::speaker)) label = child;
  if (label) attributes += " role=\"group\"" + attribute("aria-labelledby", name_of(*label));
  if (person && form_.names_parts) attributes += attribute("data-speaker", "person-" + person->slug);
  auto to = person && label ? way_to("person-" + person->slug) : std::nullopt;
  if (label)
    for (node inner : label->descendants())
      if (inner.is(kind::link) || inner.is(kind::anchor)) to.reset();
  open_block(n, "div", attributes);
  out_ += '\n';
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    const uint32_t after = end_of_child(n, i);
    if (to && child == *label) {
      open_block(child, "p", " class=\"speaker\"");
      start("a", attribute("href", *to)), ++in_link_;
      inlines(i + 1, after, child.range());
      end("a"), --in_link_;
      close_block("p");
    } else {
      children(n, i, after);
    }
    i = after;
  }
  close_block("div");
}

}  // namespace edition

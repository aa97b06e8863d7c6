// SPDX-License-Identifier: Apache-2.0
// The body: blocks, and the divisions that headings open.
#include "tei.hpp"

namespace tei {

using calque::kind;

namespace {

bool has_blocks(calque::node n) {
  for (calque::node child : n.children())
    if (!edition::is_inline(child)) return true;
  return false;
}

/// An opener or a closer: a container of the source that holds lines alone.
bool is_opening(calque::node n) {
  if (!n.is(kind::division) || own_element_of(n).empty()) return false;
  for (calque::node child : n.children())
    if (!edition::is_inline(child) && !child.is(kind::aside) &&
        (!child.is(kind::paragraph) || own_element_of(child).empty()))
      return false;
  return n.end_index() > n.index() + 1;
}

/// Containers that a <div> stands for, where divisions may stand.
bool is_division(calque::node n) {
  switch (n.kind()) {
    case kind::document:
    case kind::section:
    case kind::division:
    case kind::version:
    case kind::attachment:
    case kind::list_item:
    case kind::definition:
    case kind::row:
    case kind::cell:
      return true;
    default:
      return static_cast<uint16_t>(n.kind()) >= CALQUE_KIND_NAMED && has_blocks(n);
  }
}

}  // namespace

/// The front or back matter of the source's edition.
void writer::outer(std::string_view element) {
  for (node n : document_.root().children()) {
    if (!n.is(kind::division) || own_element_of(n) != element) continue;
    start(element);
    out_ += '\n';
    open_block(n, "div", attribute("type", "tei:" + std::string(element)));
    divisions(n);
    close_block("div");
    end(element);
    out_ += '\n';
    return;
  }
}

/// Lines at the head or foot of a letter, each a block within a block.
void writer::opening(node n, std::string_view element) {
  open_block(n, "ab", attribute("type", "tei:" + std::string(element)));
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    if (edition::is_inline(child)) {
      const uint32_t end = edition::end_of_inlines(document_, n, i);
      inlines(i, end, n.range());
      i = end;
      continue;
    }
    if (child.is(kind::aside)) {
      if (!reading_.is_called(child)) aside(child);
    } else {
      text_block(child, "p");
    }
    i = child.end_index();
  }
  close_block("ab");
}

void writer::body() {
  const size_t before = out_.size();
  for (const edition::mark *p : reading_.homeless_points()) point(*p);
  const size_t after_points = out_.size();
  divisions(document_.root());
  // A body must hold something that is read.
  if (out_.size() == after_points || out_.find("<p", before) == std::string::npos) {
    bool has_block = false;
    for (node n : document_.root().children())
      has_block = has_block || !(n.is(kind::aside) || own_element_of(n) == "front" || own_element_of(n) == "back");
    if (!has_block) out_ += "<p/>\n";
  }
}

/// TEI wants what a division holds before its inner divisions, so that a block after one opens a further division.
void writer::divisions(node parent) {
  struct level {
    int64_t heading = 0;      // of the heading that opened it; 0 for the parent itself
    bool has_division = false, is_wrapping = false, is_at_top = true;
  };
  std::vector<level> open{{}};
  bool has_head = false;  // of the parent itself
  auto stop_wrapping = [&] {
    if (open.back().is_wrapping) out_ += "</div>\n";
    open.back().is_wrapping = false;
  };
  auto close_level = [&] {
    stop_wrapping();
    out_ += "</div>\n";
    open.pop_back();
  };
  auto open_division = [&] {
    stop_wrapping();
    open.back().has_division = true;
    open.back().is_at_top = false;
  };
  for (uint32_t i = parent.index() + 1; i < parent.end_index();) {
    const node n = document_.at(i);
    if (n.is(kind::aside)) {
      const bool is_field = n.attr("role") == "field" && parent.index() == 0;
      if (!is_field && !reading_.is_called(n)) aside(n), out_ += '\n';
      i = n.end_index();
      continue;
    }
    if (parent.index() == 0 && (own_element_of(n) == "front" || own_element_of(n) == "back")) {
      i = n.end_index();
      continue;
    }
    if (n.is(kind::heading) && parent.index() != 0 && open.size() == 1 && open.back().is_at_top && !has_head) {
      text_block(n, "head");
      has_head = true;
      i = n.end_index();
      continue;
    }
    if (n.is(kind::heading)) {
      int64_t rank = 1;
      if (auto text = n.attr("level"); text && text->size() == 1 && *text >= "1" && *text <= "9") rank = (*text)[0] - '0';
      while (open.size() > 1 && open.back().heading >= rank) close_level();
      open_division();
      out_ += "<div>\n";
      text_block(n, "head");
      open.push_back({rank});
      i = n.end_index();
      continue;
    }
    if (n.is(kind::subtitle) && (open.back().heading > 0 || (has_head && open.size() == 1)) && open.back().is_at_top) {
      text_block(n, "head", " type=\"sub\"");
      i = n.end_index();
      continue;
    }
    if (is_opening(n)) {
      if (open.back().has_division && !open.back().is_wrapping) {
        out_ += "<div type=\"continued\">\n";
        open.back().is_wrapping = true;
      }
      open.back().is_at_top = false;
      opening(n, own_element_of(n));
      i = n.end_index();
      continue;
    }
    if (is_division(n)) {
      open_division();
      std::string type;
      if (const auto came_from = own_element_of(n); !came_from.empty() && !came_from.starts_with("div"))
        type = attribute("type", static_cast<uint16_t>(n.kind()) >= CALQUE_KIND_NAMED || n.is(kind::attachment)
                                     ? std::string(n.kind_name())
                                     : "tei:" + std::string(came_from));
      else if (!n.attr("tei.type") && !n.is(kind::division))
        type = attribute("type", n.kind_name());
      open_block(n, "div", type);
      if (static_cast<uint16_t>(n.kind()) >= CALQUE_KIND_NAMED) changed_.emplace(n.index(), "tei.unknown-kind");
      divisions(n);
      close_block("div");
      i = n.end_index();
      continue;
    }
    if (open.back().has_division && !open.back().is_wrapping) {
      out_ += "<div type=\"continued\">\n";
      open.back().is_wrapping = true;
    }
    open.back().is_at_top = false;
    const uint32_t end = edition::is_inline(n) ? edition::end_of_inlines(document_, parent, i) : n.end_index();
    children(parent, i, end, context::divisions);
    i = end;
  }
  while (open.size() > 1) close_level();
  stop_wrapping();
}

void writer::blocks(node parent, context where) { children(parent, parent.index() + 1, parent.end_index(), where); }

/// Children [first, end) of a container; a run of inlines among blocks is a paragraph.
void writer::children(node parent, uint32_t first, uint32_t end, context where) {
  for (uint32_t i = first; i < end;) {
    const node n = document_.at(i);
    if (edition::is_inline(n)) {
      const uint32_t last = edition::end_of_inlines(document_, parent, i);
      // An item or a note takes words as they are; out of its list, an item is a division, which does not.
      const bool is_loose = where != context::divisions &&
                            (parent.is(kind::list_item) || parent.is(kind::definition) || parent.is(kind::aside));
      if (!is_loose) out_ += "<p>";
      inlines(i, last, parent.range());
      if (!is_loose) out_ += "</p>\n";
      i = last;
      continue;
    }
    if (n.is(kind::aside)) {
      if (!reading_.is_called(n)) aside(n), out_ += '\n';
    } else {
      block(n, where);
    }
    i = n.end_index();
  }
}

void writer::block(node n, context where) {
  switch (n.kind()) {
    case kind::paragraph:
      return text_block(n, "p");
    case kind::heading:
      return text_block(n, "ab", " type=\"heading\"");
    case kind::subtitle:
      return text_block(n, "ab", " type=\"subtitle\"");
    case kind::caption:
      return text_block(n, "ab", " type=\"caption\"");
    case kind::speaker:
      return text_block(n, "ab", " type=\"speaker\"");
    case kind::term:
      return text_block(n, "ab", " type=\"term\"");
    case kind::line:
      return text_block(n, "ab", " type=\"line\"");
    case kind::code_block:
      return text_block(n, "ab", " type=\"code\" xml:space=\"preserve\"");
    case kind::raw_block: {
      const auto format = n.attr("format");
      return text_block(n, "ab",
                        " type=\"raw\" xml:space=\"preserve\"" + (format ? attribute("n", *format) : std::string()));
    }
    case kind::rule:
      if (n.range().is_empty() && n.end_index() == n.index() + 1) {
        account_.emitted(n);
        out_ += "<milestone unit=\"section\" rend=\"rule\"/>\n";
        return;
      }
      return text_block(n, "ab", " type=\"rule\"");
    case kind::stage_direction:
      return text_block(n, "stage");
    case kind::block_quote:
      if (own_element_of(n) == "q") {
        open_block(n, "q");
        blocks(n, context::parts);
        return close_block("q");
      }
      open_block(n, "quote", own_element_of(n).empty() || own_element_of(n) == "quote"
                                 ? std::string()
                                 : attribute("type", "tei:" + std::string(own_element_of(n))));
      blocks(n, context::parts);
      return close_block("quote");
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
      return lines(n);
    case kind::speech:
      return speech(n, where);
    default:
      return other(n, where);
  }
}

void writer::open_block(node n, std::string_view element, std::string_view attributes) {
  account_.emitted(n);
  std::string all = id_attribute(n, true) + std::string(attributes);
  all += own_attributes(n, element, attributes);
  all += language_attribute(n, languages_.back());
  note_languages(n.range());
  auto own = reading_.language_of(n);
  languages_.emplace_back(own.empty() ? languages_.back() : std::string(own));
  start(element, all);
}

void writer::close_block(std::string_view element) {
  end(element);
  out_ += '\n';
  languages_.pop_back();
}

void writer::text_block(node n, std::string_view element, std::string_view attributes) {
  std::string own;
  if (const auto came_from = own_element_of(n); !came_from.empty() && element == "p") {
    element = "ab";
    if (came_from != "ab") attributes = own = attribute("type", "tei:" + std::string(came_from));
    else if (auto type = n.attr("tei.type")) attributes = own = attribute("type", *type);
  }
  open_block(n, element, attributes);
  inlines(n.index() + 1, n.end_index(), n.range());
  close_block(element);
}

/// Asides without a call, where the container's element takes notes only before its own parts.
void writer::loose_asides(node parent) {
  for (node child : parent.children())
    if (child.is(kind::aside) && !reading_.is_called(child)) aside(child), out_ += '\n';
}

void writer::list(node n) {
  std::string attributes = n.is(kind::ordered_list) ? " rend=\"numbered\"" : n.attr("tei.type") ? "" : " rend=\"bulleted\"";
  if (auto first = n.attr("start")) attributes += attribute("n", *first);
  open_block(n, "list", attributes);
  bool has_item = false;
  loose_asides(n);
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    const uint32_t end = edition::is_inline(child) ? edition::end_of_inlines(document_, n, i) : child.end_index();
    if (child.is(kind::list_item)) {
      open_block(child, "item");
      blocks(child, context::parts);
      close_block("item");
      has_item = true;
    } else if (!child.is(kind::aside)) {
      out_ += "<item>";
      children(n, i, end, context::parts);
      out_ += "</item>\n";
      has_item = true;
    }
    i = end;
  }
  if (!has_item) out_ += "<item/>";
  close_block("list");
}

/// Pairs of label and item, as TEI wants; a second definition of a term goes on in the same item.
void writer::definitions(node n) {
  open_block(n, "list", " type=\"gloss\"");
  loose_asides(n);
  bool has_label = false, is_in_item = false, has_any = false;
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    const uint32_t end = edition::is_inline(child) ? edition::end_of_inlines(document_, n, i) : child.end_index();
    if (child.is(kind::term)) {
      if (is_in_item) out_ += "</item>\n";
      if (has_label && !is_in_item) out_ += "<item/>\n";
      text_block(child, "label");
      has_label = true, is_in_item = false, has_any = true;
    } else if (!child.is(kind::aside)) {
      if (!has_label) out_ += "<label/>\n";
      const bool is_definition = child.is(kind::definition);
      const std::string outside = languages_.back();
      if (!is_in_item) out_ += "<item" + (is_definition ? id_attribute(child, true) + language_attribute(child, outside) : std::string()) + ">\n";
      has_label = true, is_in_item = true, has_any = true;
      if (is_definition) {
        account_.emitted(child);
        note_languages(child.range());
        const std::string_view own = reading_.language_of(child);
        languages_.emplace_back(own.empty() ? outside : std::string(own));
        blocks(child, context::parts);
        languages_.pop_back();
      } else {
        children(n, i, end, context::parts);
      }
    }
    i = end;
  }
  if (is_in_item)
    out_ += "</item>\n";
  else if (has_label)
    out_ += "<item/>\n";
  if (!has_any) out_ += "<item/>";
  close_block("list");
}

void writer::table(node n) {
  open_block(n, "table");
  for (node child : n.children())
    if (child.is(kind::caption)) text_block(child, "head");
  loose_asides(n);
  for (node child : n.children())
    if (child.is(kind::row)) loose_asides(child);
  bool has_row = false;
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node row = document_.at(i);
    const uint32_t end = edition::is_inline(row) ? edition::end_of_inlines(document_, n, i) : row.end_index();
    if (row.is(kind::row)) {
      open_block(row, "row");
      bool has_cell = false;
      for (uint32_t k = row.index() + 1; k < row.end_index();) {
        const node cell = document_.at(k);
        const uint32_t after = edition::is_inline(cell) ? edition::end_of_inlines(document_, row, k) : cell.end_index();
        if (cell.is(kind::cell)) {
          std::string attributes;
          if (auto header = cell.attr("header"); header && *header != "false") attributes += " role=\"label\"";
          if (auto columns = cell.attr("colspan")) attributes += attribute("cols", *columns);
          if (auto rows = cell.attr("rowspan")) attributes += attribute("rows", *rows);
          open_block(cell, "cell", attributes);
          // A cell of one line needs no paragraph.
          if (edition::end_of_inlines(document_, cell, k + 1) == cell.end_index())
            inlines(k + 1, cell.end_index(), cell.range());
          else
            blocks(cell, context::parts);
          close_block("cell");
          has_cell = true;
        } else if (!cell.is(kind::aside)) {
          out_ += "<cell>";
          children(row, k, after, context::parts);
          out_ += "</cell>";
          has_cell = true;
        }
        k = after;
      }
      if (!has_cell) out_ += "<cell/>";
      close_block("row");
      has_row = true;
    } else if (!row.is(kind::aside) && !row.is(kind::caption)) {
      out_ += "<row><cell>";
      children(n, i, end, context::parts);
      out_ += "</cell></row>\n";
      has_row = true;
    }
    i = end;
  }
  if (!has_row) out_ += "<row><cell/></row>";
  close_block("table");
}

void writer::figure(node n) {
  open_block(n, "figure");
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    const uint32_t end = edition::is_inline(child) ? edition::end_of_inlines(document_, n, i) : child.end_index();
    if (child.is(kind::caption)) {
      text_block(child, "head");
    } else if (child.is(kind::image) && end == i + 1) {
      picture(child);
    } else {
      children(n, i, end, context::parts);
    }
    i = end;
  }
  close_block("figure");
}

/// The image of a figure, which is an element of its own already.
void writer::picture(node n) {
  changed_.emplace(n.index(), "tei.image-by-name");
  account_.emitted(n);
  if (auto name = n.attr("resource")) out_ += "<graphic" + id_attribute(n, false) + attribute("url", link_target(n, *name)) + "/>";
  for (node alternative : reading_.asides_of(n)) aside(alternative);
}

void writer::lines(node n) {
  open_block(n, "lg");
  loose_asides(n);
  bool has_line = false;
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    uint32_t end = child.end_index();
    if (child.is_text_block()) {
      text_block(child, "l");
      has_line = true;
    } else if (edition::is_inline(child)) {
      end = edition::end_of_inlines(document_, n, i);
      out_ += "<l>";
      inlines(i, end, n.range());
      out_ += "</l>\n";
      has_line = true;
    } else if (child.is(kind::line_block)) {
      lines(child);
      has_line = true;
    } else if (!child.is(kind::aside)) {
      // A line is no place for blocks; a quotation of them is one for a stanza.
      out_ += "<l><q>";
      children(n, i, end, context::parts);
      out_ += "</q></l>\n";
      has_line = true;
    }
    i = end;
  }
  if (!has_line) out_ += "<l/>";
  close_block("lg");
}

void writer::speech(node n, context where) {
  if (where == context::speech) return other(n, where);
  std::string who;
  if (const auto *p = reading_.speaker_of(n)) who = attribute("who", "#" + person_ids_.at(p->what.id()));
  open_block(n, "sp", who);
  bool has_speaker = false, has_more = false;
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    const uint32_t end = edition::is_inline(child) ? edition::end_of_inlines(document_, n, i) : child.end_index();
    if (child.is(kind::speaker) && !has_speaker && !has_more) {
      text_block(child, "speaker");
      has_speaker = true;
    } else {
      children(n, i, end, context::speech);
      has_more = has_more || !child.is(kind::aside);
    }
    i = end;
  }
  if (!has_more) out_ += "<p/>";
  close_block("sp");
}

/// A kind for which TEI has no element at this place: a neutral one that names it.
void writer::other(node n, context where) {
  const std::string type = attribute("type", n.kind_name());
  const bool is_named = static_cast<uint16_t>(n.kind()) >= CALQUE_KIND_NAMED;
  if (!has_blocks(n)) {
    text_block(n, "ab", type);
  } else {
    open_block(n, "q", type);
    // A quotation is no speech, so a speech within one may be one again.
    blocks(n, where == context::speech ? context::parts : where);
    close_block("q");
  }
  if (is_named) changed_.emplace(n.index(), "tei.unknown-kind");
}

}  // namespace tei

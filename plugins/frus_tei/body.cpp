// SPDX-License-Identifier: Apache-2.0
// Divisions, documents and blocks. A division has one heading, then lines of its head, then text, then inner divisions,
// then lines of its foot and attachments.
#include "frus_tei.hpp"

#include <algorithm>

namespace frus_tei {

using calque::kind;

namespace {

constexpr std::string_view division_types[] = {"document", "section", "compilation", "chapter", "subchapter", "toc"};
constexpr std::string_view list_types[] = {"participants", "subject", "index", "terms",  "names",
                                           "toc",          "sources", "to",    "simple", "references"};
constexpr std::string_view paragraph_looks[] = {"flushleft", "strong", "italic", "sectiontitleital", "center", "right"};

template <size_t N>
bool is_one_of(const std::string_view (&words)[N], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

bool is_foot(calque::node n) {
  const auto element = element_of(n);
  return n.is(kind::attachment) || element == "closer" || element == "postscript" || element == "signed";
}

bool is_head_line(calque::node n) {
  const auto element = element_of(n);
  return element == "opener" || element == "dateline" || element == "byline" || element == "salute" ||
         element == "docDate";
}

/// Divisions proper: those that a div was read as, and sections.
bool is_division(calque::node n) {
  return (n.is(kind::division) && (element_of(n).empty() || element_of(n).starts_with("div"))) || n.is(kind::section) ||
         n.is(kind::version);
}

bool is_outer(calque::node n) {
  return n.is(kind::division) && (element_of(n) == "front" || element_of(n) == "back");
}

}  // namespace

void writer::text() {
  out_ += "<text>\n";
  for (const edition::mark *p : reading_.homeless_points()) point(*p);
  const node root = document_.root();
  for (node n : root.children())
    if (is_outer(n) && element_of(n) == "front") outer(n, "front");
  out_ += "<body>\n";
  const size_t before = out_.size();
  std::vector<uint32_t> parts;
  bool all_divisions = true;
  for (node n : root.children()) {
    if (n.is(kind::aside) || is_outer(n)) continue;
    parts.push_back(n.index());
    all_divisions = all_divisions && (is_division(n) || (n.is_leaf() && n.range().is_empty()));
  }
  if (all_divisions) {
    for (uint32_t i : parts)
      if (const node n = document_.at(i); n.is_leaf())
        account_.emitted(n);
      else
        division(n, n.attr("tei.type").value_or("section"), "section");
    for (node n : root.children())
      if (n.is(kind::aside) && n.attr("role") != "field" && !reading_.is_called(n))
        changed_.emplace(n.index(), "frus_tei.neutral-element");
  } else {
    // A record: one document.
    const uint32_t end = root.end_index();
    uint32_t first = 1;
    while (first < end && document_.at(first).is(kind::aside)) first = document_.at(first).end_index();
    ++documents_;
    division_id_ = "d1";
    used_ids_.insert("d1");
    out_ += "<div type=\"document\" n=\"1\" xml:id=\"d1\">\n";
    if (first < end && document_.at(first).is(kind::heading)) {
      paragraph(document_.at(first), {}, "head");
      first = document_.at(first).end_index();
    } else {
      out_ += "<head>";
      escape(edition::title_of(document_));
      out_ += "</head>\n";
    }
    division_parts(root, first, end);
    out_ += "</div>\n";
  }
  if (out_.size() == before) out_ += "<div type=\"section\" xml:id=\"body\"><head/></div>\n";
  out_ += "</body>\n";
  for (node n : root.children())
    if (is_outer(n) && element_of(n) == "back") outer(n, "back");
  out_ += "</text>\n";
}

void writer::outer(node n, std::string_view element) {
  account_.emitted(n);
  start(element);
  out_ += '\n';
  bool has_division = false;
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    uint32_t end = child.end_index();
    if (element_of(child) == "titlePage") {
      title_page(child);
    } else if (is_division(child)) {
      division(child, child.attr("tei.type").value_or("section"), "section");
      has_division = true;
    } else if (child.is(kind::paragraph) && !has_division) {
      paragraph(child);
    } else if (!child.is(kind::aside)) {
      if (edition::is_inline(child)) end = edition::end_of_inlines(document_, n, i);
      const std::string id = id_of(n, "section_" + std::to_string(++sections_));
      division_id_ = id;
      notes_ = 0;
      out_ += "<div type=\"section\"" + attribute("xml:id", id) + "><head/>\n";
      division_parts(n, i, end);
      out_ += "</div>\n";
      has_division = true;
    }
    i = end;
  }
  end(element);
  out_ += '\n';
}

void writer::title_page(node n) {
  account_.emitted(n);
  out_ += "<titlePage type=\"main\">\n";
  bool has_part = false;
  auto one = [&](node child, std::string_view element) {
    std::string attributes;
    if (auto type = child.attr("tei.type"); type && element == "titlePart") attributes = attribute("type", *type);
    paragraph(child, attributes, element);
    has_part = true;
  };
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    const auto element = element_of(child);
    uint32_t end = child.end_index();
    if (child.is(kind::aside)) {
      i = end;
      continue;
    }
    if (element == "docTitle") {
      account_.emitted(child);
      out_ += "<docTitle>\n";
      for (node part : child.children())
        if (part.is(kind::paragraph))
          one(part, "titlePart");
        else if (!part.is(kind::aside))
          block(part, place::note);
      out_ += "</docTitle>\n";
    } else if (child.is(kind::figure)) {
      figure(child);
    } else if (child.is_text_block()) {
      one(child, element == "byline" || element == "docImprint" || element == "docDate" ? element : "titlePart");
    } else if (edition::is_inline(child)) {
      end = edition::end_of_inlines(document_, n, i);
      out_ += "<titlePart>";
      inlines(i, end);
      out_ += "</titlePart>\n";
      has_part = true;
    } else {
      changed_.emplace(child.index(), "frus_tei.neutral-element");
      for (node leaf : child.leaves())
        if (leaf.is_leaf()) out_ += "<titlePart>", this->leaf(leaf, leaf.range()), out_ += "</titlePart>\n";
    }
    i = end;
  }
  if (!has_part) out_ += "<titlePart/>\n";
  out_ += "</titlePage>\n";
}

void writer::division(node n, std::string_view type, std::string_view wish) {
  account_.emitted(n);
  if (type == "document-group") type = "subchapter";
  if (!is_one_of(division_types, type)) type = "section";
  const bool is_document = type == "document";
  if (is_document) ++documents_;
  const std::string number(n.attr("tei.n").value_or(std::to_string(documents_)));
  const std::string id = id_of(n, is_document ? "d" + number : std::string(wish) + "_" + std::to_string(++sections_));
  const std::string outside = division_id_;
  const int outside_notes = notes_;
  division_id_ = id;
  notes_ = 0;
  std::string attributes = attribute("type", type);
  if (is_document || n.attr("tei.n")) attributes += attribute("n", number);
  attributes += attribute("xml:id", id) + common(n);
  start("div", attributes);
  out_ += '\n';
  // One heading, whatever stands before it.
  uint32_t first = n.index() + 1;
  while (first < n.end_index() && document_.at(first).is_leaf() && document_.at(first).range().is_empty())
    first = document_.at(first).end_index();
  const bool has_head = first < n.end_index() && document_.at(first).is(kind::heading);
  if (has_head)
    paragraph(document_.at(first), {}, "head");
  else
    out_ += "<head/>\n";
  if (has_head) {
    for (uint32_t i = n.index() + 1; i < first; ++i) leaf(document_.at(i), document_.at(i).range());
    first = document_.at(first).end_index();
  } else {
    first = n.index() + 1;
  }
  division_parts(n, first, n.end_index());
  out_ += "</div>\n";
  division_id_ = outside;
  notes_ = outside_notes;
}

/// What follows the heading of a division, in the order that the schema has.
void writer::division_parts(node parent, uint32_t first, uint32_t end) {
  uint32_t last_text = 0;
  bool has_inner = false;
  for (uint32_t i = first; i < end; i = document_.at(i).end_index()) {
    const node n = document_.at(i);
    has_inner = has_inner || is_division(n);
    if (!n.is(kind::aside) && !is_outer(n) && !is_foot(n) && (!is_head_line(n) || last_text == 0) &&
        !(is_head_line(n) && last_text == 0))
      last_text = i;
  }
  bool has_text = false, is_wrapped = false, has_division = false;
  auto unwrap = [&] {
    if (is_wrapped) out_ += "</div>\n";
    is_wrapped = false;
  };
  for (uint32_t i = first; i < end;) {
    const node n = document_.at(i);
    uint32_t next = n.end_index();
    if (n.is(kind::aside) || is_outer(n)) {
      if (n.is(kind::aside) && n.attr("role") != "field" && !reading_.is_called(n)) {
        aside(n);
        out_ += '\n';
      }
      i = next;
      continue;
    }
    if (is_division(n) && in_attachment_ == 0) {
      unwrap();
      division(n, n.attr("tei.type").value_or("section"), "section");
      has_division = has_text = true;
      i = next;
      continue;
    }
    if (is_head_line(n) && !has_text && !has_division) {
      n.is(kind::division) ? lines(n, "opener") : paragraph(n, {}, element_of(n));
      i = next;
      continue;
    }
    if ((is_foot(n) || is_head_line(n)) && i > last_text && !is_wrapped) {
      if (!has_text) out_ += "<label/>\n";
      has_text = true;
      if (n.is(kind::attachment))
        attachment(n);
      else if (element_of(n) == "postscript") {
        account_.emitted(n);
        out_ += "<postscript>\n";
        blocks(n.index() + 1, n.end_index(), place::note);
        out_ += "</postscript>\n";
      } else if (n.is(kind::division))
        lines(n, "closer");
      else
        paragraph(n, {}, element_of(n));
      i = next;
      continue;
    }
    if (edition::is_inline(n)) next = std::min(end, edition::end_of_inlines(document_, parent, i));
    if (has_division && !is_wrapped) {
      const std::string id = id_of(document_.root(), "section_" + std::to_string(++sections_));
      out_ += "<div type=\"section\"" + attribute("xml:id", id) + "><head/>\n";
      is_wrapped = true;
    }
    blocks(i, next, place::division);
    has_text = true;
    i = next;
  }
  unwrap();
}

void writer::attachment(node n) {
  account_.emitted(n);
  std::string attributes;
  if (auto own = n.attr("id"); own) attributes = attribute("xml:id", id_of(n, "attachment"));
  start("frus:attachment", attributes + common(n));
  out_ += '\n';
  ++in_attachment_;
  uint32_t first = n.index() + 1;
  if (first < n.end_index() && document_.at(first).is(kind::heading)) {
    paragraph(document_.at(first), {}, "head");
    first = document_.at(first).end_index();
  }
  division_parts(n, first, n.end_index());
  --in_attachment_;
  end("frus:attachment");
  out_ += '\n';
}

/// An opener or closer: lines of their own elements.
void writer::lines(node n, std::string_view element) {
  account_.emitted(n);
  start(element, common(n));
  bool is_first = true;
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    uint32_t next = child.end_index();
    const auto own = element_of(child);
    if (child.is(kind::aside)) {
    } else if (edition::is_inline(child)) {
      next = edition::end_of_inlines(document_, n, i);
      inlines(i, next);
    } else if (child.is(kind::paragraph) &&
               (own == "signed" || own == "dateline" || own == "salute" || (own == "byline" && element == "opener"))) {
      paragraph(child, {}, own);
    } else {
      if (!is_first) out_ += "<lb/>";
      if (child.is_text_block()) {
        account_.emitted(child);
        inlines(child.index() + 1, child.end_index());
      } else {
        changed_.emplace(child.index(), "frus_tei.neutral-element");
        for (node below : child.descendants())
          if (below.is_leaf())
            leaf(below, below.range());
          else
            changed_.emplace(below.index(), "frus_tei.neutral-element");
      }
    }
    is_first = false;
    i = next;
  }
  end(element);
  out_ += '\n';
}

void writer::blocks(uint32_t first, uint32_t end, place where) {
  for (uint32_t i = first; i < end;) {
    const node n = document_.at(i);
    if (edition::is_inline(n)) {
      uint32_t last = i;
      while (last < end && edition::is_inline(document_.at(last))) last = document_.at(last).end_index();
      if (where == place::division) out_ += "<p>";
      inlines(i, last);
      if (where == place::division) out_ += out_.ends_with("<p>") ? "<lb/></p>\n" : "</p>\n";
      i = last;
      continue;
    }
    if (n.is(kind::aside)) {
      if (!reading_.is_called(n)) aside(n);
    } else {
      block(n, where);
    }
    i = n.end_index();
  }
}

void writer::paragraph(node n, std::string_view attributes, std::string_view element) {
  account_.emitted(n);
  std::string all(attributes);
  if (auto own = n.attr("id"); own) all += attribute("xml:id", id_of(n, "x"));
  if (element == "p")
    if (auto look = n.attr("tei.rend");
        look && all.find(" rend=") == std::string::npos && is_one_of(paragraph_looks, *look))
      all += attribute("rend", *look);
  all += common(n);
  start(element, all);
  const size_t before = out_.size();
  inlines(n.index() + 1, n.end_index());
  // An empty paragraph is not allowed.
  if (element == "p" && out_.size() == before) out_ += "<lb/>";
  end(element);
  out_ += '\n';
}

void writer::block(node n, place where) {
  switch (n.kind()) {
    case kind::paragraph:
      if (!element_of(n).empty() && element_of(n) != "ab") changed_.emplace(n.index(), "frus_tei.neutral-element");
      paragraph(n);
      break;
    case kind::heading:
    case kind::subtitle:
      paragraph(n, " rend=\"strong\"");
      changed_.emplace(n.index(), "frus_tei.heading-as-paragraph");
      break;
    case kind::bullet_list:
    case kind::ordered_list:
    case kind::definition_list:
      return list(n, where);
    case kind::table:
      return table(n, where);
    case kind::figure:
      return figure(n);
    case kind::speech:
      return speech(n, where);
    case kind::block_quote:
      account_.emitted(n);
      start("quote", common(n));
      blocks(n.index() + 1, n.end_index(), place::note);
      end("quote");
      out_ += '\n';
      return;
    case kind::line_block: {
      account_.emitted(n);
      start("lg", common(n));
      bool has_line = false;
      for (node child : n.children())
        if (child.is_text_block())
          paragraph(child, {}, "l"), has_line = true;
        else if (child.is(kind::line_block))
          block(child, where), has_line = true;
        else if (!child.is(kind::aside)) {
          out_ += "<l>";
          if (child.is_leaf())
            leaf(child, child.range());
          else
            inlines(child.index(), child.end_index());
          out_ += "</l>\n";
          has_line = true;
        }
      if (!has_line) out_ += "<l/>";
      end("lg");
      out_ += '\n';
      return;
    }
    case kind::line:
      return paragraph(n, {}, "l");
    case kind::attachment:
      changed_.emplace(n.index(), "frus_tei.neutral-element");
      return blocks(n.index() + 1, n.end_index(), where);
    case kind::rule:
      if (n.range().is_empty()) {
        changed_.emplace(n.index(), "frus_tei.neutral-element");
        out_ += "<lb/>";
        return;
      }
      [[fallthrough]];
    default:
      changed_.emplace(n.index(), "frus_tei.neutral-element");
      if (n.is_text_block()) {
        paragraph(n, n.is(kind::stage_direction) ? " rend=\"italic\"" : "");
        break;
      }
      return blocks(n.index() + 1, n.end_index(), where);
  }
}

void writer::speech(node n, place where) {
  changed_.emplace(n.index(), "frus_tei.neutral-element");
  // The label stands at the front of the first paragraph, as it does in print.
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    uint32_t next = child.end_index();
    if (child.is(kind::speaker)) {
      changed_.emplace(child.index(), "frus_tei.neutral-element");
      out_ += "<p>";
      inlines(child.index() + 1, child.end_index());
      if (next < n.end_index() && document_.at(next).is(kind::paragraph)) {
        out_ += ' ';
        account_.emitted(document_.at(next));
        inlines(next + 1, document_.at(next).end_index());
        next = document_.at(next).end_index();
      }
      out_ += out_.ends_with("<p>") ? "<lb/></p>\n" : "</p>\n";
    } else {
      if (edition::is_inline(child)) next = edition::end_of_inlines(document_, n, i);
      blocks(i, next, where);
    }
    i = next;
  }
}

void writer::list(node n, place) {
  account_.emitted(n);
  std::string attributes;
  if (auto type = n.attr("tei.type"); type && is_one_of(list_types, *type)) attributes += attribute("type", *type);
  if (n.is(kind::ordered_list)) attributes += " rend=\"ordered\"";
  if (auto own = n.attr("id"); own) attributes += attribute("xml:id", id_of(n, "list"));
  start("list", attributes + common(n));
  out_ += '\n';
  ++in_list_;
  const bool has_labels = n.is(kind::definition_list);
  bool is_label_open = false, has_item = false;
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    uint32_t next = child.end_index();
    if (child.is(kind::aside)) {
      i = next;
      continue;
    }
    if (child.is(kind::term) && has_labels) {
      if (is_label_open) out_ += "<item/>\n";
      paragraph(child, {}, "label");
      is_label_open = true;
      i = next;
      continue;
    }
    if (has_labels && !is_label_open) out_ += "<label/>\n";
    is_label_open = false;
    std::string item;
    if (auto own = child.attr("id"); own && !child.is_leaf()) item = attribute("xml:id", id_of(child, "item"));
    start("item", item);
    if (child.is(kind::list_item) || child.is(kind::definition)) {
      account_.emitted(child);
      blocks(child.index() + 1, child.end_index(), place::list_item);
    } else {
      if (edition::is_inline(child)) next = edition::end_of_inlines(document_, n, i);
      blocks(i, next, place::list_item);
    }
    end("item");
    out_ += '\n';
    has_item = true;
    i = next;
  }
  if (is_label_open)
    out_ += "<item/>\n";
  else if (!has_item)
    out_ += "<item/>\n";
  --in_list_;
  end("list");
  out_ += '\n';
}

void writer::table(node n, place where) {
  if (in_list_ > 0) {
    for (node below : n.descendants())
      if (!below.is_leaf() && (below.is(kind::row) || below.is(kind::cell)))
        changed_.emplace(below.index(), "frus_tei.table-in-list");
    changed_.emplace(n.index(), "frus_tei.table-in-list");
    for (node row : n.children()) {
      if (row.is(kind::aside)) continue;
      if (!row.is(kind::row)) {
        blocks(row.index(), row.end_index(), place::division);
        continue;
      }
      for (node cell : row.children())
        if (cell.is(kind::cell))
          blocks(cell.index() + 1, cell.end_index(), place::division);
        else if (!cell.is(kind::aside))
          blocks(cell.index(), cell.end_index(), place::division);
    }
    return;
  }
  (void)where;
  account_.emitted(n);
  start("table", common(n));
  out_ += '\n';
  for (node child : n.children())
    if (child.is(kind::caption)) paragraph(child, {}, "head");
  bool has_row = false;
  for (node row : n.children()) {
    if (row.is(kind::aside) || row.is(kind::caption)) continue;
    out_ += "<row>\n";
    has_row = true;
    bool has_cell = false;
    if (row.is(kind::row)) account_.emitted(row);
    auto one = [&](node cell) {
      std::string attributes;
      if (auto header = cell.attr("header"); header && *header != "false") attributes += " role=\"label\"";
      if (auto columns = cell.attr("colspan")) attributes += attribute("cols", *columns);
      if (auto rows = cell.attr("rowspan")) attributes += attribute("rows", *rows);
      start("cell", attributes + common(cell));
      if (cell.is(kind::cell)) {
        account_.emitted(cell);
        blocks(cell.index() + 1, cell.end_index(), place::cell);
      } else {
        blocks(cell.index(), cell.end_index(), place::cell);
      }
      end("cell");
      out_ += '\n';
      has_cell = true;
    };
    if (row.is(kind::row)) {
      for (node cell : row.children())
        if (!cell.is(kind::aside)) one(cell);
    } else {
      one(row);
    }
    if (!has_cell) out_ += "<cell/>\n";
    out_ += "</row>\n";
  }
  if (!has_row) out_ += "<row><cell/></row>\n";
  end("table");
  out_ += '\n';
}

void writer::figure(node n) {
  account_.emitted(n);
  std::string attributes;
  if (auto own = n.attr("id"); own) attributes = attribute("xml:id", id_of(n, "figure"));
  start("figure", attributes);
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    uint32_t next = child.end_index();
    if (child.is(kind::caption)) {
      paragraph(child, {}, "head");
    } else if (child.is(kind::image)) {
      image(child);
    } else if (!child.is(kind::aside)) {
      if (edition::is_inline(child)) next = edition::end_of_inlines(document_, n, i);
      blocks(i, next, place::division);
    }
    i = next;
  }
  end("figure");
  out_ += '\n';
}

}  // namespace frus_tei

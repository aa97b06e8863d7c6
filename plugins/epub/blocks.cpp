// SPDX-License-Identifier: Apache-2.0
// Pages and blocks of the book.
#include "book.hpp"

#include <algorithm>
#include <cstdio>

namespace epub {

using calque::kind;

writer::writer(calque::document_view document, calque::output &account, const edition::reading &reading,
               std::set<uint32_t> begins, const places &known)
    : document_(document), account_(account), reading_(reading), begins_(std::move(begins)), known_(known) {
  find_names();
  find_targets();
}

book writer::write() {
  account_.emitted(document_.root());
  note_languages(document_.root().range());
  is_rtl_ = is_right_to_left(document_, reading_);
  front_page();
  begin_chapter();
  for (const edition::mark *p : reading_.homeless_points()) point(*p);
  blocks(document_.root());
  end_page();
  say_all();
  return std::move(book_);
}

void writer::begin_page(std::string_view path, std::string_view title, std::string_view language) {
  path_ = path;
  languages_.assign(1, std::string(language));
  out_ = page_begin(title, language, path != "front.xhtml" && is_rtl_);
}

void writer::end_page() {
  notes();
  out_ += "</body>\n</html>\n";
  book_.pages.push_back({path_, "application/xhtml+xml", std::move(out_)});
  out_.clear();
}

/// Ends the page before, if it is a chapter, and begins the next: the parts that are open go on in it.
void writer::begin_chapter() {
  uint32_t first = 0;
  if (path_ != "front.xhtml") {
    for (size_t k = parts_.size(); k > 0; --k)
      out_ += edition::begins_with_heading(parts_[k - 1]) ? "</section>\n" : "</div>\n";
    end_page();
    first = *begins_.begin();
    begins_.erase(begins_.begin());
  }
  std::string title;
  const uint32_t last = begins_.empty() ? document_.node_count() : *begins_.begin();
  for (uint32_t i = first; i < last && title.empty();) {
    const node n = document_.at(i);
    if (n.is(kind::heading)) title = one_line(edition::plain_text(document_, n));
    i = n.is(kind::aside) ? n.end_index() : i + 1;
  }
  if (title.empty()) title = edition::title_of(document_);
  char path[32];
  std::snprintf(path, sizeof path, "text-%04zu.xhtml", book_.pages.size());
  begin_page(path, title, reading_.main_language());
  out_ += "<body epub:type=\"bodymatter\">\n";
  for (node part : parts_) {
    start(edition::begins_with_heading(part) ? "section" : "div",
          attribute("class", part.kind_name()) + language_attributes(part));
    out_ += '\n';
    auto own = reading_.language_of(part);
    languages_.emplace_back(edition::is_language_tag(own) ? std::string(own) : languages_.back());
  }
}

void writer::blocks(node parent) {
  children(parent, parent.index() + 1, parent.end_index());
}

void writer::children(node parent, uint32_t first, uint32_t last) {
  for (uint32_t i = first; i < last;) {
    if (begins_.contains(i)) begin_chapter();
    const node n = document_.at(i);
    if (edition::is_inline(n)) {
      const uint32_t after = edition::end_of_inlines(document_, parent, i);
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

/// An aside is written where it is called; one without a call is a note of its place.
void writer::loose_aside(node n) {
  if (!reading_.is_called(n)) notes_.push_back({n, {}, ++note_count_});
}

void writer::open_block(node n, std::string_view element, std::string_view attributes) {
  account_.emitted(n);
  note_languages(n.range());
  const std::string language = language_attributes(n);
  start(element, id(n) + std::string(attributes) + language);
  auto own = reading_.language_of(n);
  languages_.emplace_back(edition::is_language_tag(own) ? std::string(own) : languages_.back());
}

void writer::close_block(std::string_view element) {
  end(element);
  out_ += '\n';
  languages_.pop_back();
}

void writer::text_block(node n, std::string_view element, std::string_view attributes) {
  open_block(n, element, attributes);
  inlines(n.index() + 1, n.end_index(), n.range());
  close_block(element);
}

void writer::container(node n, std::string_view element, std::string_view attributes) {
  open_block(n, element, attributes);
  out_ += '\n';
  blocks(n);
  close_block(element);
}

/// A part may go on in further files.
void writer::part(node n) {
  const std::string_view element = edition::begins_with_heading(n) ? "section" : "div";
  open_block(n, element, attribute("class", n.kind_name()));
  out_ += '\n';
  parts_.push_back(n);
  blocks(n);
  parts_.pop_back();
  close_block(element);
}

void writer::block(node n) {
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
    case kind::code_block:
    case kind::raw_block:
      open_block(n, "pre");
      out_ += "<code>";
      inlines(n.index() + 1, n.end_index(), n.range());
      out_ += "</code>";
      return close_block("pre");
    case kind::rule:
      if (n.range().is_empty() && n.end_index() == n.index() + 1) {
        account_.emitted(n);
        out_ += "<hr" + id(n) + "/>\n";
        return;
      }
      return text_block(n, "p", " class=\"rule\"");
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
      if (static_cast<uint16_t>(n.kind()) >= CALQUE_KIND_NAMED) changed_.emplace(n.index(), "epub.unknown-kind");
      if (n.is_text_block()) return text_block(n, "p", attribute("data-kind", n.kind_name()));
      return container(n, "div", attribute("data-kind", n.kind_name()));
  }
}

/// Ranks follow how headings nest, so that none is skipped. Headings of the text are the contents of the book.
void writer::heading(node n) {
  const auto level = static_cast<int64_t>(edition::number_of(n.attr("level"), 1, 100));
  while (!ranks_.empty() && ranks_.back() >= level) ranks_.pop_back();
  ranks_.push_back(level);
  const std::string words = one_line(edition::plain_text(document_, n));
  if (!words.empty())
    book_.contents.push_back(
        {words, path_ + "#" + name_of(n), std::string(reading_.language_of(n)), static_cast<int64_t>(ranks_.size())});
  const auto rank = static_cast<int64_t>(std::min<size_t>(ranks_.size(), 6));
  text_block(n, "h" + std::to_string(rank), rank == level ? "" : attribute("data-level", std::to_string(level)));
}

void writer::list(node n) {
  const bool is_ordered = n.is(kind::ordered_list);
  std::string attributes;
  if (const uint32_t first = edition::number_of(n.attr("start"), 1, 999999); is_ordered && first != 1)
    attributes = attribute("start", std::to_string(first));
  constexpr std::pair<std::string_view, std::string_view> types[] = {
      {"lower_alpha", "a"}, {"upper_alpha", "A"}, {"lower_roman", "i"}, {"upper_roman", "I"}};
  for (const auto &[style, type] : types)
    if (is_ordered && n.attr("style") == style) attributes += attribute("type", type);
  const std::string_view element = is_ordered ? "ol" : "ul";
  open_block(n, element, attributes);
  out_ += '\n';
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    const uint32_t after = edition::is_inline(child) ? edition::end_of_inlines(document_, n, i) : child.end_index();
    if (child.is(kind::list_item)) {
      container(child, "li");
    } else if (child.is(kind::aside)) {
      loose_aside(child);
    } else {
      out_ += "<li>";
      children(n, i, after);
      out_ += "</li>\n";
    }
    i = after;
  }
  close_block(element);
}

void writer::definitions(node n) {
  open_block(n, "dl");
  out_ += '\n';
  bool has_term = false, has_definition = false;
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    const uint32_t after = edition::is_inline(child) ? edition::end_of_inlines(document_, n, i) : child.end_index();
    if (child.is(kind::term)) {
      text_block(child, "dt");
      has_term = true, has_definition = false;
    } else if (child.is(kind::aside)) {
      loose_aside(child);
    } else {
      if (!has_term) out_ += "<dt></dt>\n";
      has_term = has_definition = true;
      if (child.is(kind::definition)) {
        container(child, "dd");
      } else {
        out_ += "<dd>";
        children(n, i, after);
        out_ += "</dd>\n";
      }
    }
    i = after;
  }
  if (has_term && !has_definition) out_ += "<dd></dd>\n";
  close_block("dl");
}

void writer::table(node n) {
  std::vector<node> rows, late;
  std::optional<node> caption;
  for (node child : n.children()) {
    if (child.is(kind::row))
      rows.push_back(child);
    else if (child.is(kind::caption) && rows.empty() && !caption)
      caption = child;
    else
      late.push_back(child);
  }
  // XHTML wants a row in each table; where there is none, its parts stand in a neutral element.
  const std::string_view element = rows.empty() ? "div" : "table";
  open_block(n, element, rows.empty() ? " class=\"table\"" : "");
  out_ += '\n';
  if (caption) text_block(*caption, rows.empty() ? "p" : "caption", rows.empty() ? " class=\"caption\"" : "");
  // The widest row decides; others are filled up, since a table is a grid.
  uint32_t columns = 1;
  for (node row : rows) {
    uint32_t width = 0;
    for (node cell : row.children())
      if (!cell.is(kind::aside)) width += std::max<uint32_t>(1, edition::number_of(cell.attr("colspan"), 1, 100));
    columns = std::max(columns, width);
  }
  std::vector<uint32_t> taken(columns, 0);  // rows that a cell above still reaches into, by column
  for (size_t k = 0; k < rows.size(); ++k) row(rows[k], taken, columns, static_cast<uint32_t>(rows.size() - k));
  close_block(element);
  for (node child : late) {
    if (child.is(kind::aside)) {
      loose_aside(child);
    } else if (edition::is_inline(child)) {
      out_ += "<p>";
      inlines(child.index(), child.end_index(), child.range());
      out_ += "</p>\n";
    } else {
      block(child);
    }
  }
}

void writer::row(node n, std::vector<uint32_t> &taken, uint32_t columns, uint32_t rows_left) {
  open_block(n, "tr");
  uint32_t column = 0;
  bool has_cell = false;
  auto skip_taken = [&] {
    while (column < taken.size() && taken[column] > 0) --taken[column++];
  };
  for (node cell : n.children()) {
    if (cell.is(kind::aside)) {
      loose_aside(cell);
      continue;
    }
    skip_taken();
    has_cell = true;
    const bool is_header = cell.attr("header").value_or("false") != "false";
    // A cell reaches to the right only over free columns, and down only to the last row.
    uint32_t across = std::max<uint32_t>(1, edition::number_of(cell.attr("colspan"), 1, 100)), free = 0;
    while (free < across && column + free < taken.size() && taken[column + free] == 0) ++free;
    across = std::max<uint32_t>(1, free);
    const uint32_t down = std::clamp<uint32_t>(edition::number_of(cell.attr("rowspan"), 1, 10000), 1, rows_left);
    if (column + across > taken.size()) taken.resize(column + across, 0);
    std::string attributes = is_header ? " scope=\"col\"" : "";
    if (across > 1) attributes += attribute("colspan", std::to_string(across));
    if (down > 1) attributes += attribute("rowspan", std::to_string(down));
    const std::string_view element = is_header ? "th" : "td";
    if (edition::is_inline(cell)) {
      start(element, attributes);
      inlines(cell.index(), cell.end_index(), cell.range());
      end(element);
    } else if (edition::end_of_inlines(document_, cell, cell.index() + 1) == cell.end_index()) {
      text_block(cell, element, attributes);
    } else {
      container(cell, element, attributes);
    }
    for (uint32_t k = 0; k < across; ++k) taken[column + k] = down - 1;
    column += across;
  }
  for (skip_taken(); column < columns; skip_taken()) {
    out_ += "<td></td>";
    has_cell = true;
    ++column;
  }
  if (!has_cell) out_ += "<td></td>";
  close_block("tr");
}

void writer::figure(node n) {
  open_block(n, "figure");
  out_ += '\n';
  uint32_t last_block = 0;
  for (node child : n.children())
    if (!child.is(kind::aside)) last_block = child.index();
  bool has_caption = false, is_first = true;
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    const uint32_t after = edition::is_inline(child) ? edition::end_of_inlines(document_, n, i) : child.end_index();
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

void writer::speech(node n) {
  const auto *person = reading_.speaker_of(n);
  std::string attributes = " class=\"speech\"";
  std::optional<node> label;
  for (node child : n.children())
    if (child.is(kind::speaker)) {
      label = child;
      break;
    }
  if (label) attributes += " role=\"group\"" + attribute("aria-labelledby", name_of(*label));
  open_block(n, "div", attributes);
  out_ += '\n';
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    const uint32_t after = edition::is_inline(child) ? edition::end_of_inlines(document_, n, i) : child.end_index();
    const auto to = person && label && child == *label ? href("person-" + person->slug) : std::nullopt;
    bool has_links = false;
    for (node inner : child.descendants()) has_links = has_links || inner.is(kind::link) || inner.is(kind::anchor);
    if (to && !has_links) {
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

}  // namespace epub

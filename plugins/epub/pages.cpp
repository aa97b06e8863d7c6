// SPDX-License-Identifier: Apache-2.0
// Pages of the book: where they begin, and what goes on from one to the next.
#include "book.hpp"

#include <algorithm>
#include <cstdio>

namespace epub {

using calque::kind;

namespace {

constexpr edition::page_form form{
    .is_xml = true,
    .names_fields = true,
    .names_parts = false,
    .top_heading = 1,
    .title = " epub:type=\"title\"",
    .note_call = " epub:type=\"noteref\" role=\"doc-noteref\"",
    .page_break = " epub:type=\"pagebreak\" role=\"doc-pagebreak\"",
    .cast = "section",
    .notes = "<section class=\"notes\" epub:type=\"footnotes\" aria-label=\"Notes\">\n",
    .codes = {"epub.forbidden-character", "epub.unknown-kind", "epub.link-not-followed", "epub.page-not-expressed",
              "epub.language-not-expressed", "epub.language-of-nothing"}};

}  // namespace

writer::writer(calque::document_view document, calque::output &account, const edition::reading &lookup,
               std::set<uint32_t> begins, const places &known)
    : page_writer(form, document, account, lookup), begins_(std::move(begins)), known_(known) {
  find_names();
  find_targets();
}

book writer::write() {
  account_.emitted(document_.root());
  note_languages(document_.root().range());
  is_right_to_left_ = epub::is_right_to_left(document_, reading_);
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
  out_ = page_begin(title, language, path != "front.xhtml" && is_right_to_left_);
}

void writer::front_page() {
  begin_page("front.xhtml", edition::title_of(document_), "en");
  out_ += "<body epub:type=\"frontmatter titlepage\">\n";
  front();
  end_page();
}

void writer::end_page() {
  // Headings within notes are no part of the contents.
  const size_t contents = book_.contents.size();
  notes();
  book_.contents.resize(contents);
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
    enter_language_of(part);
  }
}

/// Each note is a footnote that a reading system may show where it is called.
void writer::begin_note(const called_note &note) {
  start("aside", " class=\"note\" epub:type=\"footnote\" role=\"doc-footnote\"" + id(note.aside) +
                     attribute("aria-label", "Note " + std::to_string(note.number)) + language_attributes(note.aside));
  out_ += '\n';
}

void writer::end_note(const called_note &note) {
  const std::string number = std::to_string(note.number);
  out_ += "<p class=\"number\">";
  if (auto back = note.call ? way_to(name_of(*note.call)) : std::nullopt)
    out_ += "<a role=\"doc-backlink\"" + attribute("href", *back) +
            attribute("aria-label", "Back to the call of note " + number) + ">" + number + "&#160;\u21A9</a>";
  else
    out_ += number;
  out_ += "</p>\n</aside>\n";
}

void writer::comes_to(node n) {
  if (begins_.contains(n.index())) begin_chapter();
}

/// A part may go on in further files.
void writer::part(node n) {
  parts_.push_back(n);
  page_writer::part(n);
  parts_.pop_back();
}

/// Headings of the text are the contents of the book.
std::string writer::heading_begins(node n, size_t depth) {
  const std::string words = one_line(edition::plain_text(document_, n));
  if (!words.empty())
    book_.contents.push_back(
        {words, path_ + "#" + name_of(n), std::string(reading_.language_of(n)), static_cast<int64_t>(depth)});
  // The level that the source has, where the rank of the element is another.
  const uint32_t level = edition::number_of(n.attr("level"), 1, 100);
  return std::min<size_t>(depth, 6) == level ? std::string() : attribute("data-level", std::to_string(level));
}

}  // namespace epub

// SPDX-License-Identifier: Apache-2.0
// The HTML exporter: its stage, the page around front and text, and its notes.
#include "fragment.hpp"

namespace html {

namespace {

constexpr edition::page_form form{
    .is_xml = false,
    .names_fields = true,
    .names_parts = true,
    .top_heading = 2,  // the page's own title is h1
    .title = "",
    .note_call = "",
    .page_break = " role=\"doc-pagebreak\"",
    .cast = "nav",
    .notes = "<section class=\"notes\" aria-labelledby=\"notes\">\n<h2 id=\"notes\">Notes</h2>\n",
    .codes = {"html.forbidden-character", "html.unknown-kind", "html.link-not-followed", "html.page-not-expressed",
              "html.language-not-expressed", "html.language-of-nothing"}};

}  // namespace

void stage::run(calque::document_view document, calque::output &out) const {
  auto file = out.create("text/html");
  if (profile == form::fragment)
    file << fragment_writer(document, out, raw_html, tag_filter).write();
  else
    writer(*this, document, out, edition::reading(document, edition::shown_layers), file).write();
  file.close();
}

writer::writer(const stage &options, calque::document_view document, calque::output &account,
               const edition::reading &lookup, calque::output_file &file)
    : page_writer(form, document, account, lookup), options_(options), file_(file) {
  find_names();
}

void writer::write() {
  account_.emitted(document_.root());
  note_languages(document_.root().range());
  languages_.emplace_back();
  head(edition::title_of(document_));
  out_ += "<a class=\"skip\" href=\"#text\">Skip to the text</a>\n<main>\n<article>\n";
  front();
  start("div", " class=\"text\" id=\"text\"" + main_language_attributes());
  out_ += '\n';
  languages_.emplace_back(reading_.main_language());
  for (const edition::mark *p : reading_.homeless_points()) point(*p);
  blocks(document_.root());
  languages_.pop_back();
  out_ += "</div>\n";
  notes();
  out_ += "</article>\n</main>\n</body>\n</html>\n";
  say_all();
  hand_over();
}

/// A page of many megabytes is never whole here.
void writer::comes_to(node) {
  constexpr size_t most = size_t{1} << 16;
  if (out_.size() >= most) hand_over();
}

void writer::hand_over() {
  file_ << out_;
  out_.clear();
}

/// The page speaks English around a text of any language.
void writer::head(std::string_view title) {
  out_ += "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  languages_.back() = "en";
  // By this the importer knows what it may take for parts of an edition.
  out_ += "<meta name=\"generator\" content=\"Calque\">\n";
  out_ += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
  text(title);
  out_ += "</title>\n<style>" + style_sheet() + "</style>\n</head>\n<body>\n";
}

void writer::begin_note(const called_note &note) {
  const std::string number = std::to_string(note.number);
  const std::string_view role = note.aside.attr("role").value_or("note");
  start("aside", " class=\"note\"" + id(note.aside) + (role == "note" ? std::string() : attribute("data-role", role)) +
                     attribute("aria-label", "Note " + number));
  out_ += "<span class=\"number\">" + number + "</span>";
  start("div", language_attributes(note.aside));
}

void writer::end_note(const called_note &note) {
  out_ += "</div>";
  if (note.call)
    out_ += "<a class=\"back\"" + attribute("href", "#" + name_of(*note.call)) +
            attribute("aria-label", "Back to the call of note " + std::to_string(note.number)) + ">\u21A9</a>";
  out_ += "</aside>\n";
}

std::string writer::main_language_attributes() {
  // Also where it is the page's own English: whoever reads the page again must not have to guess it.
  const std::string_view language = reading_.main_language();
  std::string made = edition::language_attribute(language, false);
  if (!made.empty() && edition::is_right_to_left(language)) made += " dir=\"rtl\"";
  edition::put_direction(document_.root(), made);
  return made;
}

}  // namespace html

// SPDX-License-Identifier: Apache-2.0
// The HTML exporter: its stage, and the page around the text: record, cast, legend and notes.
#include "fragment.hpp"

#include <algorithm>

namespace html {

using calque::kind;

namespace {

constexpr edition::page_form form{
    .is_xml = false,
    .is_read_again = true,
    .top_heading = 2,  // the page's own title is h1
    .note_call = "",
    .page_break = " role=\"doc-pagebreak\"",
    .codes = {"html.forbidden-character", "html.unknown-kind", "html.link-not-followed", "html.page-not-expressed",
              "html.language-not-expressed", "html.language-of-nothing"}};

}  // namespace

void stage::run(calque::document_view document, calque::output &out) const {
  auto file = out.create("text/html");
  if (profile == form::fragment)
    file << fragment_writer(document, out, raw_html, tag_filter).write();
  else
    file << writer(*this, document, out, edition::reading(document, edition::shown_layers)).write();
  file.close();
}

writer::writer(const stage &options, calque::document_view document, calque::output &account,
               const edition::reading &lookup)
    : page_writer(form, document, account, lookup), options_(options) {
  find_names();
}

std::string writer::write() {
  account_.emitted(document_.root());
  note_languages(document_.root().range());
  languages_.emplace_back();
  head(edition::title_of(document_));
  out_ += "<a class=\"skip\" href=\"#text\">Skip to the text</a>\n<main>\n<article>\n";
  record();
  cast();
  legend();
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
  return std::move(out_);
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

/// The inlines of a field in one element; several blocks are parted by a line break.
void writer::field_value(node field) {
  account_.emitted(field);
  note_languages(field.range());
  bool is_first = true;
  for (uint32_t i = field.index() + 1; i < field.end_index();) {
    const node n = document_.at(i);
    const uint32_t end = edition::end_of_inlines(document_, field, i);
    if (!is_first && !n.is(kind::aside)) void_element("br");
    is_first = false;
    if (end > i) {
      inlines(i, end, field.range());
      i = end;
    } else if (n.is_text_block()) {
      account_.emitted(n);
      inlines(i + 1, n.end_index(), field.range());
      i = n.end_index();
    } else if (n.is(kind::aside)) {
      if (!reading_.is_called(n)) notes_.push_back({n, {}, ++note_count_});
      i = n.end_index();
    } else {
      account_.not_expressed(n, "html.unknown-kind");
      ++i;
    }
  }
}

void writer::record() {
  out_ += "<header class=\"record\">\n";
  const auto fields = document_.fields();
  const node *titled = nullptr;
  for (const node &field : fields)
    if (field.attr("key") == "title" && !field.range().is_empty()) {
      titled = &field;
      break;
    }
  if (titled) {
    start("h1", name_attributes(*titled) + language_attributes(*titled));
    languages_.emplace_back(reading_.language_of(*titled));
    field_value(*titled);
    languages_.pop_back();
  } else {
    out_ += "<h1>";
    text(edition::title_of(document_));
  }
  out_ += "</h1>\n";
  bool has_list = false;
  for (const node &field : fields) {
    if (&field == titled) continue;
    if (!has_list) out_ += "<dl>\n";
    has_list = true;
    out_ += "<dt>";
    text(name_of_field(field));
    out_ += "</dt>";
    const std::string language = language_attributes(field);
    start("dd", id(field) + name_attributes(field) + language);
    languages_.emplace_back(language.empty() ? languages_.back() : std::string(reading_.language_of(field)));
    const std::string address = edition::plain_text(document_, field);
    const bool is_link =
        field.attr("key") == "identifier" && address.find("://") != std::string::npos && can_follow(address);
    if (is_link) start("a", " class=\"address\"" + attribute("href", address)), ++in_link_;
    field_value(field);
    if (is_link) end("a"), --in_link_;
    languages_.pop_back();
    out_ += "</dd>\n";
  }
  if (has_list) out_ += "</dl>\n";
  out_ += "</header>\n";
}

void writer::cast() {
  if (reading_.people().empty()) return;
  std::map<uint32_t, std::pair<int, node>> speeches;  // person's annotation → how many, the first
  for (node n : document_.main_flow())
    if (n.is(kind::speech))
      if (const auto *p = reading_.speaker_of(n)) {
        ++speeches.try_emplace(p->what.id(), 0, n).first->second.first;
      }
  out_ += "<nav class=\"cast\" aria-labelledby=\"cast\">\n<h2 id=\"cast\">Persons</h2>\n<ul>\n";
  auto own = [&](std::string_view value) {
    start("bdi", language_attributes(reading_.main_language()));
    text(value);
    end("bdi");
  };
  for (const auto &p : reading_.people()) {
    start("li", attribute("id", "person-" + p.slug));
    own(p.full);
    if (!p.short_name.empty() && p.short_name != p.full) out_ += " (in the text: ", own(p.short_name), out_ += ')';
    for (const auto &value : p.what.values())
      if (value.key == "role" && !value.text.empty()) out_ += ", ", own(value.text);
    std::string parts;
    for (const auto &value : p.what.values())
      if (value.key == "part") parts += (parts.empty() ? "" : ", ") + std::string(value.text);
    for (char &c : parts)
      if (c == '_') c = ' ';
    if (!parts.empty()) {
      out_ += " <span class=\"part\">\u2013 ";
      text(parts);
      out_ += "</span>";
    }
    if (auto at = speeches.find(p.what.id()); at != speeches.end()) {
      const auto [count, first] = at->second;
      out_ += " <span class=\"count\">\u2013 " + std::to_string(count) + (count == 1 ? " speech" : " speeches") +
              ", <a" + attribute("href", "#" + name_of(first)) + ">first</a></span>";
    }
    out_ += "</li>\n";
  }
  out_ += "</ul>\n</nav>\n";
}

/// Signs are explained where they are used.
void writer::legend() {
  std::set<std::string_view> used;
  for (const auto &a : document_.annotations("calque.editorial/1"))
    if (!a.range().is_empty()) used.insert(a.kind());
  std::string rows;
  for (std::string_view kind : used)
    if (const auto *i = find_intervention(kind))
      rows += "<dt><span class=\"sign\" aria-hidden=\"true\">" + std::string(i->sign) + "</span> " +
              std::string(i->name) + "</dt><dd>" + std::string(i->meaning) + "</dd>\n";
  if (rows.empty()) return;
  out_ += "<section class=\"legend\" aria-labelledby=\"legend\">\n<h2 id=\"legend\">Signs of the editors</h2>\n<dl>\n" +
          rows + "</dl>\n</section>\n";
}

void writer::notes() {
  if (notes_.empty()) return;
  out_ += "<section class=\"notes\" aria-labelledby=\"notes\">\n<h2 id=\"notes\">Notes</h2>\n";
  // A note may call further notes, which are then written too.
  for (size_t k = 0; k < notes_.size(); ++k) {
    const called_note note = notes_[k];
    const std::string number = std::to_string(note.number);
    account_.emitted(note.aside);
    const std::string_view role = note.aside.attr("role").value_or("note");
    start("aside", " class=\"note\"" + id(note.aside) +
                       (role == "note" ? std::string() : attribute("data-role", role)) + " aria-label=\"Note " +
                       number + "\"");
    out_ += "<span class=\"number\">" + number + "</span>";
    start("div", language_attributes(note.aside));
    note_languages(note.aside.range());
    languages_.emplace_back(reading_.language_of(note.aside));
    blocks(note.aside);
    languages_.pop_back();
    out_ += "</div>";
    if (note.call)
      out_ += "<a class=\"back\"" + attribute("href", "#" + name_of(*note.call)) +
              " aria-label=\"Back to the call of note " + number + "\">\u21A9</a>";
    out_ += "</aside>\n";
  }
  out_ += "</section>\n";
}

/// What the words on the page do not say of a field, for whoever reads the page again.
std::string writer::name_attributes(node field) {
  std::string made = attribute("data-key", field.attr("key").value_or("calque.other"));
  if (auto label = field.attr("label")) made += attribute("data-label", *label);
  return made;
}

std::string writer::main_language_attributes() {
  // Also where it is the page's own English: whoever reads the page again must not have to guess it.
  const std::string_view language = reading_.main_language();
  std::string made;
  if (edition::is_language_tag(language)) {
    made = attribute("lang", language);
    if (edition::is_right_to_left(language)) made += " dir=\"rtl\"";
  }
  const auto direction = document_.root().attr("dir");
  if (!direction || (*direction != "ltr" && *direction != "rtl" && *direction != "auto")) return made;
  if (const size_t own = made.find(" dir="); own != std::string::npos) made.erase(own);
  return made + attribute("dir", *direction);
}

}  // namespace html

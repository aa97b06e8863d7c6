// SPDX-License-Identifier: Apache-2.0
// The front page (title, record, persons, signs of the editors) and the notes at the end of each page.
#include "book.hpp"

namespace epub {

using calque::kind;

void writer::front_page() {
  begin_page("front.xhtml", edition::title_of(document_), "en");
  out_ += "<body epub:type=\"frontmatter titlepage\">\n";
  record();
  cast();
  legend();
  end_page();
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
      loose_aside(n);
      i = n.end_index();
    } else {
      changed_.emplace(i, "epub.unknown-kind");
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
    start("h1", " epub:type=\"title\"" + language_attributes(*titled));
    languages_.emplace_back(reading_.language_of(*titled));
    field_value(*titled);
    languages_.pop_back();
  } else {
    out_ += "<h1 epub:type=\"title\">";
    text(edition::title_of(document_));
  }
  out_ += "</h1>\n";
  bool has_list = false;
  for (const node &field : fields) {
    if (&field == titled) continue;
    if (!has_list) out_ += "<dl>\n";
    has_list = true;
    out_ += "<dt>";
    text(edition::name_of_field(field));
    out_ += "</dt>";
    const std::string language = language_attributes(field);
    start("dd", id(field) + language);
    languages_.emplace_back(language.empty() ? languages_.back() : std::string(reading_.language_of(field)));
    const std::string address = edition::plain_text(document_, field);
    const bool is_link =
        field.attr("key") == "identifier" && address.find("://") != std::string::npos && edition::can_follow(address);
    if (is_link) start("a", attribute("href", edition::uri(address))), ++in_link_;
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
  std::map<uint32_t, std::pair<int, uint32_t>> speeches;  // person's annotation → how many, id of the first
  for (node n : document_.main_flow())
    if (n.is(kind::speech))
      if (const auto *p = reading_.speaker_of(n)) {
        auto &[count, first] = speeches[p->what.id()];
        if (count++ == 0) first = n.id();
      }
  out_ += "<section class=\"cast\" aria-labelledby=\"cast\">\n<h2 id=\"cast\">Persons</h2>\n<ul>\n";
  auto own = [&](std::string_view value) {
    start("bdi", language_attributes(reading_.main_language()));
    text(value);
    end("bdi");
  };
  for (const auto &p : reading_.people()) {
    start("li", id("person-" + p.slug));
    own(p.full);
    if (!p.short_name.empty() && p.short_name != p.full) out_ += " (in the text: ", own(p.short_name), out_ += ')';
    std::string parts;
    for (const auto &value : p.what.values()) {
      if (value.key == "role" && !value.text.empty()) out_ += ", ", own(value.text);
      if (value.key == "part") parts += (parts.empty() ? "" : ", ") + std::string(value.text);
    }
    for (char &c : parts)
      if (c == '_') c = ' ';
    if (!parts.empty()) {
      out_ += " \u2013 ";
      text(parts);
    }
    if (auto at = speeches.find(p.what.id()); at != speeches.end()) {
      const auto [count, first] = at->second;
      out_ += " \u2013 " + std::to_string(count) + (count == 1 ? " speech" : " speeches");
      if (auto to = way_to("n" + std::to_string(first))) out_ += ", <a" + attribute("href", *to) + ">first</a>";
    }
    out_ += "</li>\n";
  }
  out_ += "</ul>\n</section>\n";
}

/// Signs are explained where they are used.
void writer::legend() {
  std::set<std::string_view> used;
  for (const auto &a : document_.annotations("calque.editorial/1"))
    if (!a.range().is_empty()) used.insert(a.kind());
  std::string rows;
  for (std::string_view kind : used)
    if (const auto *i = edition::find_intervention(kind))
      rows += "<dt><span class=\"sign\" aria-hidden=\"true\">" + std::string(i->sign) + "</span> " +
              std::string(i->name) + "</dt><dd>" + std::string(i->meaning) + "</dd>\n";
  if (rows.empty()) return;
  out_ += "<section class=\"legend\" aria-labelledby=\"legend\">\n<h2 id=\"legend\">Signs of the editors</h2>\n<dl>\n" +
          rows + "</dl>\n</section>\n";
}

/// Each note is a footnote that a reading system may show where it is called.
void writer::notes() {
  if (notes_.empty()) return;
  out_ += "<section class=\"notes\" epub:type=\"footnotes\" aria-label=\"Notes\">\n";
  // Headings within notes are no part of the contents, nor do headings of the text stand below them.
  const auto levels = levels_;
  const size_t contents = book_.contents.size();
  // A note may call further notes, which are then written too.
  for (size_t k = 0; k < notes_.size(); ++k) {
    const called_note note = notes_[k];
    const std::string number = std::to_string(note.number);
    account_.emitted(note.aside);
    note_languages(note.aside.range());
    start("aside", " class=\"note\" epub:type=\"footnote\" role=\"doc-footnote\"" + id(note.aside) +
                       attribute("aria-label", "Note " + number) + language_attributes(note.aside));
    languages_.emplace_back(reading_.language_of(note.aside));
    out_ += '\n';
    blocks(note.aside);
    languages_.pop_back();
    out_ += "<p class=\"number\">";
    if (auto back = note.call ? way_to(name_of(*note.call)) : std::nullopt)
      out_ += "<a role=\"doc-backlink\"" + attribute("href", *back) +
              attribute("aria-label", "Back to the call of note " + number) + ">" + number + "&#160;\u21A9</a>";
    else
      out_ += number;
    out_ += "</p>\n</aside>\n";
  }
  out_ += "</section>\n";
  notes_.clear();
  levels_ = levels;
  book_.contents.resize(contents);
}

}  // namespace epub

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
    if (!is_first && !n.is(kind::aside)) out_ += "<br/>";
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

std::string writer::field_attributes(node field) {
  std::string made = attribute("data-key", field.attr("key").value_or("calque.other"));
  if (const auto label = field.attr("label")) made += attribute("data-label", *label);
  const std::string language = language_attributes(field);
  // Its own language also where it is the page's English: the package says it again.
  if (language.find(" lang=") == std::string::npos) made += language_attribute(field.attr("lang").value_or(""));
  return made + language;
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
    start("h1", " epub:type=\"title\"" + field_attributes(*titled));
    languages_.emplace_back(reading_.language_of(*titled));
    field_value(*titled);
    languages_.pop_back();
  } else {
    out_ += "<h1 epub:type=\"title\">";
    escape(edition::title_of(document_), out_);
  }
  out_ += "</h1>\n";
  bool has_list = false;
  for (const node &field : fields) {
    if (&field == titled) continue;
    if (!has_list) out_ += "<dl>\n";
    has_list = true;
    out_ += "<dt>";
    escape(edition::name_of_field(field), out_);
    out_ += "</dt>";
    start("dd", id(field) + field_attributes(field));
    const auto own = reading_.language_of(field);
    languages_.emplace_back(edition::is_language_tag(own) ? std::string(own) : languages_.back());
    const std::string address = edition::plain_text(document_, field);
    const bool is_link =
        field.attr("key") == "identifier" && address.find("://") != std::string::npos && edition::can_follow(address);
    if (is_link) start("a", " class=\"address\"" + attribute("href", edition::uri(address))), ++in_link_;
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
  out_ += "<section class=\"cast\" aria-labelledby=\"cast\">\n<h2 id=\"cast\">Persons</h2>\n<ul>\n";
  auto text = [&](std::string_view value) {
    start("bdi", language_attributes(reading_.main_language()));
    escape(value, out_);
    end("bdi");
  };
  for (const auto &p : reading_.people()) {
    start("li", id("person-" + p.slug));
    text(p.full);
    if (!p.short_name.empty() && p.short_name != p.full) out_ += " (in the text: ", text(p.short_name), out_ += ')';
    std::string parts;
    for (const auto &value : p.what.values()) {
      if (value.key == "role" && !value.text.empty()) out_ += ", ", text(value.text);
      if (value.key == "part") parts += (parts.empty() ? "" : ", ") + std::string(value.text);
    }
    for (char &c : parts)
      if (c == '_') c = ' ';
    if (!parts.empty()) {
      out_ += " \u2013 ";
      escape(parts, out_);
    }
    if (auto at = speeches.find(p.what.id()); at != speeches.end()) {
      const auto [count, first] = at->second;
      out_ += " \u2013 " + std::to_string(count) + (count == 1 ? " speech" : " speeches");
      if (auto to = href(name_of(first))) out_ += ", <a" + attribute("href", *to) + ">first</a>";
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
  const auto ranks = ranks_;
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
    if (auto back = note.call.empty() ? std::nullopt : href(note.call))
      out_ += "<a role=\"doc-backlink\"" + attribute("href", *back) +
              attribute("aria-label", "Back to the call of note " + number) + ">" + number + "&#160;\u21A9</a>";
    else
      out_ += number;
    out_ += "</p>\n</aside>\n";
  }
  out_ += "</section>\n";
  notes_.clear();
  ranks_ = ranks;
  book_.contents.resize(contents);
}

}  // namespace epub

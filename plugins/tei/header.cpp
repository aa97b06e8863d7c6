// SPDX-License-Identifier: Apache-2.0
// The teiHeader: metadata from the fields, the cast, and the setting of a meeting.
#include "tei.hpp"

#include <algorithm>

namespace tei {

using calque::kind;

void writer::header() {
  out_ += "<teiHeader>\n";
  file_description();
  out_ += "<encodingDesc n=\"calque\">\n<editorialDecl>\n";
  out_ +=
      "<p>The words of the source are kept as they are, its errors too. Square brackets of the translator or editor are "
      "encoded by what they do: sic, supplied, gloss, foreign, placeName, unclear, gap, note. ";
  out_ += options_.bracket_style == brackets::marked
              ? "The brackets themselves stand in the text as pc elements of type bracket.</p>\n"
              : "The brackets themselves are left out of the text; rend says which were printed.</p>\n";
  out_ +=
      "<p>A note whose place is inline stands in the running text of the source; a note without it is called at "
      "its place. Where two annotations overlap, the later one is split, and prev joins its pieces. A date keeps the "
      "form of the source; an attribute gives its value.</p>\n";
  out_ += "</editorialDecl>\n</encodingDesc>\n";
  profile_description();
  out_ += "</teiHeader>\n";
}

std::vector<calque::node> writer::fields(std::string_view key) const {
  std::vector<node> found;
  for (node field : document_.fields())
    if (field.attr("key") == key) found.push_back(field);
  return found;
}

bool writer::is_bare(node field) const {
  for (node n : field.descendants()) {
    if (n.is_leaf() ? !n.is(kind::text) && !n.is(kind::soft_break) : !n.is(kind::paragraph)) return false;
    if (n.is_leaf() && !n.range().is_empty() && !reading_.is_plain(n.range())) return false;
  }
  return true;
}

/// The inlines of a field in an element that holds such; several blocks are parted by a line break.
void writer::field_element(node field, std::string_view element, std::string_view attributes) {
  account_.emitted(field);
  std::string all(attributes);
  if (auto label = field.attr("label")) all += attribute("n", *label);
  all += language_attribute(field, languages_.front());
  note_languages(field.range());
  all += id_attribute(field, false);
  start(element, all);
  languages_.emplace_back(reading_.language_of(field));
  bool is_first = true;
  for (uint32_t i = field.index() + 1; i < field.end_index();) {
    const node n = document_.at(i);
    const uint32_t end = edition::end_of_inlines(document_, field, i);
    if (!is_first && !n.is(kind::aside)) out_ += "<lb/>";
    is_first = false;
    if (end > i) {
      inlines(i, end, field.range());
      i = end;
    } else if (n.is_text_block()) {
      account_.emitted(n);
      inlines(i + 1, n.end_index(), field.range());
      i = n.end_index();
    } else if (n.is(kind::aside)) {
      if (!reading_.is_called(n)) aside(n);
      i = n.end_index();
    } else {
      // A container within a field has no place here, but what it holds has.
      account_.not_expressed(n, "tei.unknown-kind");
      ++i;
    }
  }
  languages_.pop_back();
  this->end(element);
  out_ += '\n';
}

void writer::field_note(node field) {
  std::string attributes = attribute("type", field.attr("key").value_or("field"));
  if (auto path = field.attr("tei.path")) attributes += attribute("subtype", *path);
  field_element(field, "note", attributes);
}

void writer::agents() {
  for (const auto &[agent, id] : agents_) {
    out_ += "<respStmt" + attribute("xml:id", id) + " n=\"calque\"><resp>interventions in the text</resp><name>";
    escape(agent);
    out_ += "</name></respStmt>\n";
  }
}

void writer::file_description() {
  std::set<uint32_t> done;
  auto each = [&](std::string_view key, auto &&f) {
    for (node field : fields(key))
      if (done.insert(field.index()).second) f(field);
  };
  out_ += "<fileDesc>\n<titleStmt>\n";
  bool has_title = false;
  each("title", [&](node field) {
    const auto type = field.attr("tei.type");
    field_element(field, "title", type ? attribute("type", *type) : has_title ? " type=\"alt\"" : "");
    has_title = true;
  });
  if (!has_title) {
    out_ += "<title n=\"calque\">";
    escape(edition::title_of(document_));
    out_ += "</title>\n";
  }
  each("creator", [&](node field) { field_element(field, "author"); });
  agents();
  out_ += "</titleStmt>\n<publicationStmt>\n";
  const auto publishers = fields("publisher");
  if (publishers.empty()) {
    out_ += "<p n=\"calque\">An edition made from the source described below.</p>\n";
  } else {
    each("publisher", [&](node field) { field_element(field, "publisher"); });
    if (!fields("rights").empty()) {
      out_ += "<availability>\n";
      each("rights", [&](node field) { field_element(field, "p"); });
      out_ += "</availability>\n";
    }
  }
  out_ += "</publicationStmt>\n";

  // What has no element of its own in the header is a note with the field's key as its type.
  constexpr std::string_view placed[] = {"date", "bibliographic_citation", "identifier", "abstract",
                                         "calque.original_language"};
  bool has_notes = false;
  for (node field : document_.fields()) {
    const auto key = field.attr("key").value_or("");
    const bool is_placed = std::find(std::begin(placed), std::end(placed), key) != std::end(placed) &&
                           !(key == "identifier" && !is_bare(field));
    if (done.contains(field.index()) || is_placed) continue;
    if (!has_notes) out_ += "<notesStmt>\n";
    has_notes = true;
    field_note(field);
    done.insert(field.index());
  }
  if (has_notes) out_ += "</notesStmt>\n";

  out_ += "<sourceDesc>\n<bibl>\n";
  // Loose text is allowed in bibl, but a citation of its own keeps its label.
  each("bibliographic_citation", [&](node field) { field_element(field, "bibl", " type=\"citation\""); });
  each("identifier", [&](node field) {
    account_.emitted_tree(field);
    std::string attributes;
    const std::string text = edition::plain_text(document_, field);
    if (text.find("://") != std::string::npos) attributes = " type=\"URL\"";
    if (auto label = field.attr("label")) attributes += attribute("n", *label);
    attributes += language_attribute(field, languages_.front());
    note_languages(field.range());
    start("idno", attributes);
    for (node leaf : field.leaves())
      if (leaf.is_leaf()) leaf_text(leaf, leaf.text());
    end("idno");
    out_ += '\n';
  });
  each("calque.original_language", [&](node field) { field_element(field, "textLang"); });
  out_ += "</bibl>\n";
  const calque_document &raw = document_.raw();
  for (uint32_t s = 0; s < raw.source_count; ++s) {
    const calque_source &source = *raw.sources[s];
    out_ += "<bibl type=\"file\"><title>";
    escape(calque::view(source.name));
    out_ += "</title> <extent>" + std::to_string(source.size) + " bytes</extent> <idno type=\"SHA-256\">";
    constexpr char digits[] = "0123456789abcdef";
    for (uint8_t byte : source.sha256) out_ += digits[byte >> 4], out_ += digits[byte & 15];
    out_ += "</idno></bibl>\n";
  }
  out_ += "</sourceDesc>\n</fileDesc>\n";
}

void writer::profile_description() {
  out_ += "<profileDesc>\n";
  if (const auto dates = fields("date"); !dates.empty()) {
    out_ += "<creation>";
    for (node field : dates) {
      std::string attributes;
      for (const auto &a : document_.annotations("calque.date/1"))
        if (a.range() == field.range() && a.value("edtf")) attributes = date_attributes(*a.value("edtf"));
      in_date_field_ = !attributes.empty();
      field_element(field, "date", attributes);
      in_date_field_ = false;
    }
    out_ += "</creation>\n";
  }
  for (node field : fields("abstract")) {
    out_ += "<abstract>";
    field_element(field, "p");
    out_ += "</abstract>\n";
  }
  std::string tags;
  for (std::string_view tag : reading_.languages())
    if (edition::is_language_tag(tag)) tags += "<language" + attribute("ident", tag) + "/>\n";
  if (!tags.empty()) out_ += "<langUsage>\n" + tags + "</langUsage>\n";
  if (!reading_.people().empty()) {
    out_ += "<particDesc n=\"calque\">\n<listPerson>\n";
    for (const auto &p : reading_.people()) person(p);
    out_ += "</listPerson>\n</particDesc>\n";
  }
  setting();
  out_ += "</profileDesc>\n";
}

void writer::person(const edition::person &p) {
  std::string parts;
  for (const auto &value : p.what.values()) {
    if (value.key != "part" || value.text.empty()) continue;
    if (!parts.empty()) parts += ' ';
    std::set<std::string> alone;
    parts += edition::unique_id(value.text, alone);
  }
  out_ += "<person" + attribute("xml:id", person_ids_.at(p.what.id()));
  if (!parts.empty()) out_ += attribute("role", parts);
  out_ += "><persName type=\"full\">";
  escape(p.full);
  out_ += "</persName>";
  for (const auto &value : p.what.values()) {
    if (value.type != CALQUE_VALUE_TEXT || value.text.empty()) continue;
    if (value.key == "short" || value.key == "variant" || value.key == "romanization")
      out_ += "<persName" + attribute("type", value.key) + ">", escape(value.text), out_ += "</persName>";
    else if (value.key == "role")
      out_ += "<occupation>", escape(value.text), out_ += "</occupation>";
    else if (value.key == "affiliation")
      out_ += "<affiliation>", escape(value.text), out_ += "</affiliation>";
  }
  out_ += "</person>\n";
}

void writer::setting() {
  std::string made;
  auto text_of = [&](const calque::annotation &a) {
    std::string before = std::move(out_);
    out_.clear();
    escape(document_.text(a.range()));
    std::string text = std::move(out_);
    out_ = std::move(before);
    return text;
  };
  for (const auto &a : document_.annotations("calque.name/1"))
    if (a.kind() == "place" && a.value("part") == "venue") made += "<name type=\"place\">" + text_of(a) + "</name>\n";
  for (const auto &a : document_.annotations("calque.date/1"))
    if (a.value("part") == "meeting")
      made += "<date" + date_attributes(a.value("edtf").value_or("")) + ">" + text_of(a) + "</date>\n";
  if (!made.empty()) out_ += "<settingDesc n=\"calque\">\n<setting>\n" + made + "</setting>\n</settingDesc>\n";
}

}  // namespace tei

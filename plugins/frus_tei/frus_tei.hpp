// SPDX-License-Identifier: Apache-2.0
// The exporter for volumes of the series Foreign Relations of the United States: TEI as its schema and rules want it.
#pragma once

#include "plugins/common/xml_writing.hpp"

#include <calque/calque.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace frus_tei {

struct stage : calque::exporter {
  static constexpr calque::stage_info info{"calque.frus_tei", "1.0.0", "Writes TEI as the FRUS series has it",
                                           CALQUE_REENTRANT};
  static constexpr auto accepts = calque::list("application/tei+xml", "*.xml");
  static constexpr auto used_layers =
      calque::list("calque.page/1", "calque.language/1", "calque.editorial/1", "calque.name/1", "calque.date/1");
  static constexpr auto codes = calque::codes(
      calque::code("frus_tei.forbidden-character",
                   "XML cannot hold this character; its picture (U+2400 and following) or U+FFFD stands in its place.",
                   calque::thing::text, calque::effect::changed, calque::level::warning),
      calque::code("frus_tei.neutral-element",
                   "FRUS-TEI has no element for this; a seg or a paragraph holds its words.", calque::thing::span,
                   calque::effect::changed),
      calque::code("frus_tei.heading-as-paragraph",
                   "A division has one heading, and other places have none; this one is a bold paragraph.",
                   calque::thing::text, calque::effect::changed),
      calque::code("frus_tei.brackets-added",
                   "FRUS-TEI has no supplied; square brackets show that these words are the editor's.",
                   calque::thing::text, calque::effect::changed),
      calque::code("frus_tei.reading-as-note",
                   "FRUS-TEI has no choice and no apparatus; the other reading is a note at its place.",
                   calque::thing::note, calque::effect::changed),
      calque::code("frus_tei.note-in-note",
                   "A note cannot hold a note; the inner one stands in brackets within the outer.", calque::thing::note,
                   calque::effect::changed),
      calque::code("frus_tei.link-outside",
                   "A link leads to a place in the file or in another volume; what this one names is kept in @n.",
                   calque::thing::link, calque::effect::changed),
      calque::code("frus_tei.table-in-list", "A list cannot hold a table; its cells are paragraphs.",
                   calque::thing::table, calque::effect::changed),
      calque::code("frus_tei.image-by-name", "The image is named by <graphic url>; its bytes are not in the XML file.",
                   calque::thing::image, calque::effect::changed),
      calque::code("frus_tei.page-not-expressed", "The point stands where FRUS-TEI allows no <pb>.",
                   calque::thing::page, calque::effect::dropped),
      calque::code("frus_tei.language-not-expressed",
                   "The language is marked where no element can say it, or is no BCP 47 tag.", calque::thing::language,
                   calque::effect::dropped));

  void run(calque::document_view document, calque::output &out) const;
};

/// Writes one document.
class writer : edition::xml_text {
 public:
  writer(calque::document_view document, calque::output &account);
  std::string write();

 private:
  using node = calque::node;
  enum class place { division, cell, list_item, note };

  // header.cpp
  void header();
  std::string plain(node field);
  void field_paragraph(node field);

  // body.cpp
  void text();
  void outer(node n, std::string_view element);
  void division(node n, std::string_view type, std::string_view wish);
  void division_parts(node parent, uint32_t first, uint32_t end);
  void title_page(node n);
  void block(node, place);
  void blocks(uint32_t first, uint32_t end, place);
  void paragraph(node, std::string_view attributes = {}, std::string_view element = "p");
  void lines(node, std::string_view element);
  void list(node, place);
  void table(node, place);
  void figure(node);
  void speech(node, place);
  void attachment(node);
  std::string id_of(node, std::string_view wish);
  std::string common(node);

  // inlines.cpp
  void inlines(uint32_t first, uint32_t end);
  void open_inline(node);
  void open_mark(const edition::step &);
  void leaf(node, calque::text_range);
  void aside(node);
  void point(const edition::mark &);
  void leaf_text(node, std::string_view text);
  void image(node);


  calque::document_view document_;
  calque::output &account_;
  edition::reading reading_;
  std::map<uint32_t, std::string_view> changed_;
  std::vector<std::string> open_;
  std::set<std::string, std::less<>> own_ids_, used_ids_, names_, terms_, pages_, targets_;
  std::string division_id_ = "front";
  int notes_ = 0, documents_ = 0, sections_ = 0, in_note_ = 0, in_list_ = 0, in_attachment_ = 0;
  edition::said_marks said_marks_;
};

/// The element of the TEI that a node came from; empty where it came from none, or is the usual one of its kind.
inline std::string_view element_of(calque::node n) {
  return n.attr("tei.element").value_or(std::string_view());
}

}  // namespace frus_tei

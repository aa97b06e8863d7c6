// SPDX-License-Identifier: Apache-2.0
// The TEI exporter's stage, and the writer of one document, whose parts stand in header.cpp, body.cpp and inlines.cpp.
#pragma once

#include "../common/xml_writing.hpp"

#include <calque/calque.hpp>

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace tei {

enum class brackets { marked, elements };

struct stage : calque::exporter {
  static constexpr calque::stage_info info{"calque.tei", "1.0.0", "Writes a TEI P5 edition.", CALQUE_REENTRANT};

  brackets bracket_style = brackets::marked;
  bool sentences = false;

  static constexpr auto options = calque::options(
      calque::opt("brackets", &stage::bracket_style, "\"marked\"",
                  "printed brackets of interventions: marked keeps them in the text as <pc>, elements writes them to "
                  "@rend only",
                  calque::choices("marked", "elements")),
      calque::opt("sentences", &stage::sentences, "false", "write calque.segment/1 as <s>"));
  static constexpr auto accepts = calque::list("application/tei+xml", "*.xml", "*.tei");
  static constexpr auto used_layers =
      calque::list("calque.page/1", "calque.line/1", "calque.language/1", "calque.segment/1", "calque.editorial/1",
                   "calque.name/1", "calque.date/1", "calque.term/1");
  static constexpr auto codes = calque::codes(
      calque::code("tei.forbidden-character",
                   "XML cannot hold this character; its picture (U+2400 and following) or U+FFFD stands in its place.",
                   calque::thing::text, calque::effect::changed, calque::level::warning),
      calque::code("tei.unknown-kind", "TEI has no element for this kind of node; a neutral one with @type holds it.",
                   calque::thing::span, calque::effect::changed),
      calque::code("tei.image-by-name", "The image is named by <graphic url>; its bytes are not in the XML file.",
                   calque::thing::image, calque::effect::changed),
      calque::code("tei.link-changed", "The target is no URI; what is not allowed in one was percent-encoded.",
                   calque::thing::link, calque::effect::changed),
      calque::code("tei.page-not-expressed", "The point stands where TEI allows no <pb>.", calque::thing::page,
                   calque::effect::dropped),
      calque::code("tei.language-not-expressed",
                   "The language is marked inside an element that holds no marks, or is no BCP 47 tag.",
                   calque::thing::language, calque::effect::dropped),
      calque::code("tei.language-of-nothing", "A language of no text says nothing.", calque::thing::language));

  void run(calque::document_view document, calque::output &out) const;
};

/// Writes one document.
class writer : edition::xml_text {
 public:
  writer(const stage &options, calque::document_view document, calque::output &account);
  std::string write();

 private:
  using node = calque::node;
  /// What may stand in the open element: divisions and blocks; blocks; what a speech holds.
  enum class context { divisions, parts, speech };

  // header.cpp
  void header();
  void file_description();
  void profile_description();
  void agents();
  void setting();
  void person(const edition::person &);
  void field_element(node field, std::string_view element, std::string_view attributes = {});
  void field_note(node field);
  std::vector<node> fields(std::string_view key) const;
  bool is_bare(node field) const;

  // body.cpp
  void body();
  void divisions(node parent);
  void blocks(node parent, context);
  void children(node parent, uint32_t first, uint32_t end, context);
  void block(node, context);
  void text_block(node, std::string_view element, std::string_view attributes = {});
  void list(node);
  void definitions(node);
  void table(node);
  void figure(node);
  void picture(node);
  void lines(node);
  void speech(node, context);
  void other(node, context);
  void outer(std::string_view element);
  void opening(node, std::string_view element);
  void loose_asides(node parent);
  void open_block(node, std::string_view element, std::string_view attributes = {});
  void close_block(std::string_view element);

  // inlines.cpp
  void inlines(uint32_t first, uint32_t end, calque::text_range said_by_block);
  void open_inline(node);
  void open_mark(const edition::step &, calque::text_range said_by_block);
  void open_editorial(const edition::step &);
  void open_date(const calque::annotation &);
  void close_inline();
  void leaf(node, calque::text_range);
  void anchor(node);
  void aside(node);
  void image(node);
  void point(const edition::mark &);
  std::string link_target(node, std::string_view href);

  // own_elements.cpp
  std::string own_attributes(node, std::string_view element, std::string_view said);
  std::string id_attribute(node, bool always);
  void find_ids();

  /// Text of a leaf: as escape, and the account says when a character was replaced.
  void leaf_text(node, std::string_view text);
  std::string language_attribute(node, std::string_view inherited);
  void note_languages(calque::text_range range) { edition::note_languages(reading_, range, said_marks_); }
  std::string agent_reference(std::string_view agent) const;

  const stage &options_;
  calque::document_view document_;
  calque::output &account_;
  edition::reading reading_;
  std::vector<std::string> languages_;         // of the open blocks, innermost last
  std::set<std::string, std::less<>> own_ids_, used_ids_, called_;
  std::vector<std::string> open_;              // inline elements to be closed, "" where none was written
  int in_gap_ = 0, left_out_ = 0;              // open gaps; open brackets that the text leaves out
  bool in_date_field_ = false;                 // a field that is itself a <date>
  std::map<std::string, std::string, std::less<>> agents_;  // agent → xml:id
  std::map<uint32_t, std::string> person_ids_;      // annotation → xml:id
  std::map<uint32_t, std::string_view> target_of_;  // `marked` annotation → kind of the intervention that marks it
  std::map<const edition::mark *, int> pieces_;
  std::map<uint32_t, std::string_view> changed_;    // leaf index → code
  edition::said_marks said_marks_;
};

/// The element that a node was in the TEI that it came from, where that is not the one of its kind.
std::string_view own_element_of(calque::node);
/// Whether that element may stand in any line.
bool is_own_inline(std::string_view element);

/// The attributes of a TEI date for an EDTF value, with a blank before each.
std::string date_attributes(std::string_view edtf);

}  // namespace tei

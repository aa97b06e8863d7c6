// SPDX-License-Identifier: Apache-2.0
// The XLIFF exporter's stage, and the writer of one document, whose units are written in write_units.cpp.
#pragma once

#include "../common/xml_writing.hpp"

#include <calque/calque.hpp>

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace xliff {

struct export_stage : calque::exporter {
  static constexpr calque::stage_info info{"calque.xliff", "0.1.0", "Writes XLIFF 2.1 for translators",
                                           CALQUE_REENTRANT};

  std::string source_language, target_language;

  static constexpr auto options = calque::options(
      calque::opt("source_language", &export_stage::source_language, "\"\"",
                  "srcLang, a BCP 47 tag; empty: the language of most of the text, else und"),
      calque::opt("target_language", &export_stage::target_language, "\"\"",
                  "trgLang, a BCP 47 tag; empty: the field calque.target_language, else the one language of the "
                  "translations"));
  static constexpr auto accepts = calque::list("application/xliff+xml", "*.xlf", "*.xliff");
  static constexpr auto required_layers = calque::list("calque.segment/1");
  static constexpr auto used_layers =
      calque::list("calque.translation/1", "calque.match/1", "calque.term/1", "calque.editorial/1", "calque.issue/1",
                   "calque.page/1", "calque.language/1");
  static constexpr auto codes = calque::codes(
      calque::code("xliff.no-target-language",
                   "Nothing says which language the record is to be translated into. Set the option "
                   "`target_language`, or give the record a field calque.target_language.",
                   calque::thing::text, calque::effect::none, calque::level::error),
      calque::code("xliff.bad-language", "A language that was asked for is no BCP 47 tag, such as en or zh-Hant.",
                   calque::thing::text, calque::effect::none, calque::level::error),
      calque::code("xliff.source-language-unknown", "Nothing says which language the record is in; srcLang is und.",
                   calque::thing::language, calque::effect::none, calque::level::warning),
      calque::code("xliff.target-left-out",
                   "A translation is not in the file: it is of another language, it has no segment, its segment does "
                   "not lie within one unit, or a later translation takes its place.",
                   calque::thing::layer, calque::effect::none, calque::level::warning),
      calque::code("xliff.target-code-unknown",
                   "A translation has an inline code that its unit does not have; the words were written without it.",
                   calque::thing::layer, calque::effect::none, calque::level::warning),
      calque::code("xliff.match-left-out", "A memory match without source or target words, or without a place.",
                   calque::thing::layer, calque::effect::none, calque::level::warning),
      calque::code("xliff.image-by-name", "The image is named by its code; its bytes are not in the file.",
                   calque::thing::image, calque::effect::changed),
      calque::code("xliff.page-not-expressed", "The page begins where the document has no text at all.",
                   calque::thing::page, calque::effect::dropped),
      calque::code("xliff.language-not-expressed", "The language mark holds no BCP 47 tag.", calque::thing::language,
                   calque::effect::dropped),
      calque::code("xliff.language-of-nothing", "A language of no text says nothing.", calque::thing::language));

  void run(calque::document_view, calque::output &, const calque::call &) const;
};

/// Writes one document.
class writer : edition::xml_text {
 public:
  writer(const export_stage &, calque::document_view, calque::output &, const calque::call &);
  std::string write();

 private:
  using node = calque::node;
  using annotation = calque::annotation;
  using text_range = calque::text_range;

  /// A stretch of a unit: a segment, or what lies between two.
  struct stretch {
    text_range range;
    uint32_t segment = 0;  // the annotation's id; 0: no annotation says it
    bool is_ignorable = false;
    std::string content = {};
  };
  /// A stretch of text that a marker says something of.
  struct marker {
    const edition::mark *mark;
    text_range range;  // within the unit
    std::string attributes;
    bool is_split = false;
  };
  /// What follows another in a unit; opens and closes of nodes are well nested, those of markers may not be.
  struct event {
    enum class what { open_node, close_node, open_marker, close_marker, leaf, page, next_stretch };
    what does;
    uint32_t index = 0;  // of a node, a marker, or a page
    text_range range = {};
  };
  /// An inline code as it is written wherever it stands in its unit.
  struct code {
    std::string attributes, data;
    bool is_placeholder = false;
  };
  struct unit_state {
    std::string own_id;
    text_range range;
    std::vector<stretch> stretches;
    std::vector<marker> markers;
    std::vector<event> events;
    std::set<uint32_t> split_nodes;
    std::map<std::string, code, std::less<>> codes;
    std::string glossary, matches, metadata, notes, data;
  };

  // export.cpp
  void languages();
  void children(node parent);
  void group(node);
  std::string place_attributes(node, std::string_view kind);
  std::string meta(std::string_view type, std::string_view value);
  std::string attribute_group(node, std::string_view id);
  std::string element(std::string_view name, std::string_view attributes, std::string_view text);
  std::vector<std::string> units_below(node) const;
  void account_for_marks();

  // write_units.cpp
  void unit(node parent, uint32_t first, uint32_t end);
  void find_stretches(unit_state &);
  void find_markers(unit_state &, std::string_view unit_language);
  void find_events(unit_state &, uint32_t first, uint32_t end);
  void find_splits(unit_state &);
  void place_markers(unit_state &);
  void write_content(unit_state &);
  void open_node(unit_state &, node);
  void leaf(unit_state &, node, text_range);
  void placeholder(unit_state &, node, std::string_view id);
  void page(unit_state &, const annotation &);
  const code &code_for(unit_state &, node);
  void characters(std::string_view);
  void matches(unit_state &);
  void write_unit(unit_state &, node block, std::string_view kind);
  void segment(unit_state &, const stretch &, std::string_view id);
  std::string target(const unit_state &, std::string_view text);

  const export_stage &options_;
  calque::document_view document_;
  calque::output &account_;
  const calque::call &call_;
  edition::reading reading_;
  edition::mark_list marks_;
  std::string source_language_, target_language_;
  std::vector<annotation> segments_, pages_, match_list_;
  std::unordered_map<uint32_t, annotation> targets_;                // by the segment's id
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> segment_at_;   // range → id
  std::set<std::pair<uint32_t, uint32_t>> said_marks_;              // layer, index
  std::set<uint32_t> said_pages_, said_targets_, said_matches_;     // annotations, by id
  std::set<uint32_t> by_name_;                                      // images, by index
  size_t next_page_ = 0, unknown_codes_ = 0;
  uint32_t last_text_ = 0;  // where the last unit with text begins
};

}  // namespace xliff

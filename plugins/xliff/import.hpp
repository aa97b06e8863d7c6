// SPDX-License-Identifier: Apache-2.0
// The XLIFF importer's stage, and the reader of one tree, whose parts stand in read_*.cpp.
#pragma once

#include "../common/xml_reading.hpp"
#include "vocabulary.hpp"

#include <calque/calque.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace xliff {

struct import_stage : calque::importer {
  static constexpr calque::stage_info info{"calque.xliff", "0.1.0", "Reads XLIFF 1.2 and 2.0 to 2.2",
                                           CALQUE_TILED | CALQUE_REENTRANT};

  static constexpr auto accepts = calque::list("application/xliff+xml", "application/x-xliff+xml", "*.xlf", "*.xliff");
  static constexpr auto written_layers =
      calque::list("calque.segment/1", "calque.translation/1", "calque.match/1", "calque.term/1", "calque.editorial/1",
                   "calque.issue/1", "calque.language/1", "calque.page/1");
  static constexpr auto codes = calque::codes(
      CALQUE_XML_CODES("xliff"),
      calque::code("xliff.no-element",
                   "The file is well-formed XML, but no XLIFF of a version that is known (1.x, 2.0, 2.1, 2.2).",
                   calque::thing::text, calque::effect::none, calque::level::error),
      calque::code("xliff.markup", "Tags; what they say is in kinds, attributes and layers."),
      calque::code("xliff.layout", "Blanks and line ends between elements and at the edges of units; no text."),
      calque::code("xliff.target", "Translations; they are in calque.translation/1."),
      calque::code("xliff.match", "Translations from a memory; they are in calque.match/1."),
      calque::code("xliff.term", "Entries of a glossary; they are in calque.term/1."),
      calque::code("xliff.native-code", "Code of the original format; it is an attribute of the code that stands for it."),
      calque::code("xliff.made-anew",
                   "Words that Calque's exporter writes beside the text and writes again: attributes of nodes, and "
                   "remarks that stand in the text itself."),
      calque::code("xliff.source-again", "The source once more: <seg-source> has the same words, in segments."),
      calque::code("xliff.phase", "Who worked on the file when, with which tool: process, and no text."),
      calque::code("xliff.context-dropped", "Where a unit stood in the original: contexts, properties, counts.",
                   calque::thing::text, calque::effect::dropped),
      calque::code("xliff.skeleton-dropped",
                   "The frame of the original format, into which its own tool puts translations back.",
                   calque::thing::text, calque::effect::dropped),
      calque::code("xliff.module-dropped", "An element of a module or an extension that is not read.",
                   calque::thing::text, calque::effect::dropped),
      calque::code("xliff.stray-text", "Words where XLIFF allows none.", calque::thing::text, calque::effect::dropped,
                   calque::level::warning),
      calque::code("xliff.sources-differ",
                   "<seg-source> has other words than <source>; the segments were not read, <source> was.",
                   calque::thing::text, calque::effect::dropped, calque::level::warning),
      calque::code("xliff.duplicate-id", "Two units, segments or codes have one id, so nothing can name them.",
                   calque::thing::span, calque::effect::none, calque::level::warning),
      calque::code("xliff.unpaired-code",
                   "The start of a code has no end, or an end no start, and nothing says that this is meant.",
                   calque::thing::span, calque::effect::none, calque::level::warning),
      calque::code("xliff.no-source", "A unit without a source, or a file without a unit.", calque::thing::text,
                   calque::effect::none, calque::level::warning),
      calque::code("xliff.target-code-unknown", "A target has a code that its source does not have, or a remark of its own; only its words were kept.",
                   calque::thing::layer, calque::effect::none, calque::level::warning));

  static int probe(const calque::probe &);
  void run(const calque::input &, calque::builder &, const calque::call &) const;
};

/// Walks the tree once, and writes what belongs to it.
class tree_reader {
 public:
  tree_reader(const calque::plugins::xml_tree &tree, calque::builder &out, const calque::call &call)
      : tree_(tree), out_(out), call_(call) {}
  void run();

 private:
  using xml_node = calque::plugins::xml_node;
  using xml_range = calque::plugins::xml_range;
  using text_range = calque::text_range;

  /// What follows another in the source of a unit.
  struct piece {
    enum class what { text, open, close, empty, segment_begin, segment_end, other };
    what does;
    uint32_t index = 0;      // in the tree; segment_begin, segment_end: in `segments`
    bool is_paired = false;  // empty: a start or an end that makes a container with its partner
  };
  struct segment {
    std::string id;
    uint32_t target = 0, element = 0;  // in the tree; 0: none
    text_range range = {};
    uint32_t mark = 0;  // the annotation
  };
  struct marker {
    uint32_t begin = 0;
    size_t written = 0;  // bytes of the unit's text before it
  };
  struct unit_state {
    uint32_t element = 0, begin = 0;
    std::vector<piece> pieces;
    std::vector<segment> segments;
    std::vector<uint32_t> notes, matches, entries;                      // elements
    std::map<std::string, uint32_t, std::less<>> data;                  // id → <data>
    std::map<std::string, uint32_t, std::less<>> attributes;            // id → <mda:metaGroup> of Calque
    std::map<std::string, std::string, std::less<>> producers;          // segment → who
    std::map<std::string, uint32_t, std::less<>> nodes;                 // code → node; "start X", "end X" of halves
    std::set<std::string, std::less<>> paired;                          // codes of two halves that are one node
    std::map<std::string, std::pair<text_range, std::string>, std::less<>> marked;  // marker → text
    std::set<std::string, std::less<>> ids;
    std::vector<std::pair<std::string_view, calque::source_range>> values;  // remarks in attributes
    uint32_t whole_target = 0;
    std::vector<std::optional<calque::scope>> scopes;  // codes that are open; none: a leaf of its own kind
    std::unordered_map<uint32_t, marker> markers;      // that are open, by element
    std::map<std::string, uint32_t, std::less<>> open_markers;  // <sm> that wait for their <em>
    std::set<std::string, std::less<>> entry_refs;     // markers that an entry of the glossary leads to
    std::map<std::string, size_t, std::less<>> segment_at;  // id → number; the last one that has it
  };
  /// The leaf of code, of a formula or of raw text that a <pc> of an edition stands for.
  struct verbatim_leaf {
    calque::kind kind = calque::kind::text;
    const unit_state *unit = nullptr;
    uint32_t element = 0;
    bool is_begun = false;
  };

  // import.cpp
  void account_for_gaps();
  void file(uint32_t element);
  void structure(uint32_t parent);
  void child(uint32_t index);
  void group(uint32_t element);
  void own_aside(uint32_t element, const unit_state &own);
  void header(uint32_t element);
  void read_metadata(uint32_t element, unit_state &);
  void loose_note(uint32_t element);
  void skip(xml_range, std::string_view code);
  void skip_tree(uint32_t index, std::string_view code);
  void skip_tags(uint32_t index);
  void misc(uint32_t index);
  void warn(uint32_t element, std::string_view code, const std::string &message, std::string_view hint);
  void note_id(std::set<std::string, std::less<>> &, uint32_t element, std::string_view id, std::string_view what);
  void put_attr(std::string_view key, std::string_view value);
  void own_attributes(const unit_state &, std::string_view id);
  void place_attributes(uint32_t element);
  bool is_preserving(uint32_t element) const;
  std::string_view attribute(uint32_t element, std::string_view name) const { return tree_.attribute_or(element, name); }
  std::string_view foreign(uint32_t element, std::string_view space, std::string_view name) const;
  std::string words(uint32_t element) const;
  bool is_own(uint32_t element) const;

  // read_units.cpp
  void unit(uint32_t element);
  void read_unit(unit_state &);
  void read_segment(unit_state &, uint32_t element);
  void read_trans_unit(unit_state &);
  void module(unit_state &, uint32_t element);
  void annotate(unit_state &);
  void translation(unit_state &, const segment *, uint32_t target, text_range whole);
  std::string fragment(const unit_state &, uint32_t target, bool &has_unknown) const;
  void match(unit_state &, uint32_t element, text_range whole);
  void glossary_entry(unit_state &, uint32_t element, text_range whole);
  void notes(unit_state &);
  void aside(uint32_t anchor, uint32_t element);

  // read_inlines.cpp
  void flatten(unit_state &, uint32_t parent);
  void pair(unit_state &);
  void write(unit_state &);
  void text(uint32_t piece);
  void characters(std::string_view, xml_range, bool equal);
  void flush_blanks();
  void end_of_line();
  const code_type *type_of(uint32_t element) const;
  void open(unit_state &, uint32_t element);
  void close_code(unit_state &);
  void begin_verbatim();
  void name_code(unit_state &, uint32_t element, uint32_t node);
  void empty(unit_state &, uint32_t element, bool is_paired);
  void close_marker(unit_state &, uint32_t element);
  void code_attributes(unit_state &, uint32_t element, bool is_generic);
  bool has_node(uint32_t element) const;

  const calque::plugins::xml_tree &tree_;
  calque::builder &out_;
  const calque::call &call_;
  std::string_view core_;           // the namespace of the file's own elements
  bool is_old_ = false;             // 1.x
  bool is_edition_ = false;         // Calque has written it
  bool has_blocks_ = false;
  int depth_ = 0;                   // blocks that are open
  std::string target_language_;
  std::set<std::string, std::less<>> unit_ids_, group_ids_;
  std::map<std::string, uint32_t, std::less<>> anchors_;  // code → leaf that calls an aside
  std::set<std::string, std::less<>> said_;               // keys of the node that was written last
  // The line that is being written: blanks are held back until something follows them.
  bool is_at_start_ = true, may_continue_ = false, has_line_end_ = false, preserves_ = false;
  std::vector<xml_range> blanks_;
  std::string written_;  // the text of the unit
  verbatim_leaf verbatim_;
};

}  // namespace xliff

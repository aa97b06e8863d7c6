// SPDX-License-Identifier: Apache-2.0
// The TEI importer's stage, and the reader of one tree, whose parts stand in import_*.cpp.
#pragma once

#include "elements.hpp"

#include "../common/xml_reading.hpp"

#include <calque/calque.hpp>

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace tei {

enum class splitting { none, document };

struct import_stage : calque::importer {
  static constexpr calque::stage_info info{"calque.tei", "1.0.0", "Reads TEI P5, FRUS volumes among it",
                                           CALQUE_TILED | CALQUE_REENTRANT};

  splitting split = splitting::none;

  static constexpr auto options = calque::options(calque::opt(
      "split", &import_stage::split, "\"none\"",
      "document: each div of type document is a part of its own, and what lies around them is the first one",
      calque::choices("none", "document")));
  static constexpr auto accepts = calque::list("application/tei+xml", "*.xml", "*.tei");
  static constexpr auto written_layers = calque::list("calque.page/1", "calque.line/1", "calque.editorial/1",
                                                      "calque.name/1", "calque.date/1", "calque.term/1");
  static constexpr auto codes = calque::codes(
      CALQUE_XML_CODES("tei"),
      calque::code("tei.no-element", "The file is well-formed XML, but its outermost element is none that TEI has.",
                   calque::thing::text, calque::effect::none, calque::level::error),
      calque::code("tei.markup", "Tags; what they say is in kinds, attributes and layers."),
      calque::code("tei.layout", "Blanks and line ends between blocks and at their edges; no text."),
      calque::code("tei.made-anew",
                   "Words of the header that this exporter wrote about its own work, and writes again: how brackets "
                   "are encoded, which file was read."),
      calque::code("tei.header-attributes", "A header's element without words; its attributes are not kept."));

  static int probe(const calque::probe &);
  void run(const calque::input &, calque::builder &, const calque::call &) const;
};

/// Walks the tree once for each part, and writes what belongs to it.
class tree_reader {
 public:
  /// `in_line`: elements that the exporter wrote as <seg>, which is no block whatever its name is.
  tree_reader(const import_stage &options, const calque::plugins::xml_tree &tree, std::set<uint32_t> in_line, calque::builder &out)
      : options_(options), tree_(tree), out_(out), in_line_(std::move(in_line)) {}
  void run();

 private:
  using xml_node = calque::plugins::xml_node;
  using xml_range = calque::plugins::xml_range;
  /// The state of a line of text: blanks are held back until something follows them.
  struct line {
    bool is_at_start = true;
    std::vector<xml_range> blanks;
    bool has_line_end = false;
  };

  /// A node that is open. Text in it and behind it begins a leaf of its own.
  class opened {
   public:
    opened(tree_reader &reader, calque::scope made) : reader_(reader), made_(std::move(made)) {
      reader_.may_continue_ = false;
    }
    opened(const opened &) = delete;
    opened &operator=(const opened &) = delete;
    ~opened() { reader_.may_continue_ = false; }
    uint32_t id() const { return made_.id(); }

   private:
    tree_reader &reader_;
    calque::scope made_;
  };

  // import.cpp
  void edition(uint32_t element);
  void corpus(uint32_t element);
  void next_part();
  void part_of_document(uint32_t div, std::string_view volume);
  void find_divisions();
  void skip(xml_range, std::string_view code);
  void skip_tree(uint32_t index, std::string_view code);
  std::string_view attribute(uint32_t element, std::string_view name) const {
    return tree_.attribute_or(element, name);
  }
  /// The text that an element begins with, before any other element; empty when there is none.
  std::string_view first_text(uint32_t element) const;

  // import_header.cpp
  void header(uint32_t element);
  void header_part(uint32_t element, const std::string &path);
  void field(uint32_t element, std::string_view key, const std::string &path);

  // import_blocks.cpp
  void children(uint32_t parent);
  void block(uint32_t element);
  void container(uint32_t element, calque::kind);
  void text_block(uint32_t element, calque::kind);
  void list(uint32_t element);
  void table(uint32_t element);
  void figure(uint32_t element);
  void verbatim(uint32_t element);
  void named(uint32_t element);
  void linked(uint32_t first, uint32_t end);
  void link_around_blocks(uint32_t element);
  calque::kind block_kind(uint32_t element);
  bool holds_blocks(uint32_t element);
  bool is_block(uint32_t element);
  bool is_dress(uint32_t element) const;
  void dress(uint32_t element);
  bool stands_alone(uint32_t element);
  bool holds_no_words(uint32_t parent) const;

  // import_inlines.cpp
  void inlines(uint32_t first, uint32_t end);
  void inline_element(uint32_t element);
  void text(uint32_t piece);
  void flush_blanks();
  void drop_blanks();
  void note(uint32_t element);
  void choice(uint32_t element);
  void reading(uint32_t element);
  void image(uint32_t element);
  void inline_figure(uint32_t element);
  void alternative(uint32_t element, uint32_t picture);
  void verbatim_text(uint32_t element);
  calque::scope begin_named(std::string_view element);
  void misc(uint32_t index);
  uint32_t put_anchor(uint32_t element);
  calque::kind inline_kind(uint32_t element) const;

  // import_marks.cpp
  void page(uint32_t element);
  void line_mark(uint32_t element);
  void annotate(uint32_t element, uint32_t node);
  void settle_names();
  void attributes(uint32_t element, calque::kind);

  const import_stage &options_;
  const calque::plugins::xml_tree &tree_;
  calque::builder &out_;
  std::set<uint32_t> in_line_;
  line line_;
  struct link_around {
    uint32_t element;
    bool is_written;  // with its own attributes, which stand once
  };
  std::vector<link_around> links_around_;               // of the blocks that are read now
  bool may_continue_ = false;                           // the leaf written last is a text that goes on
  bool is_preserving_ = false;                          // xml:space
  bool leaves_documents_out_ = false;                   // the first part of a divided volume
  std::vector<uint32_t> documents_;                     // divs of their own
  std::vector<char> block_memo_;                        // by node: 0 not known, 1 holds no blocks, 2 holds some
  std::vector<char> parts_memo_;                        // by node: 0 not known, 1 holds words, 2 holds none beside blocks
  std::unordered_map<uint32_t, uint32_t> first_heads_;  // element → its first <head>
  std::map<std::string, uint32_t, std::less<>> named_;  // xml:id of a name → its annotation
  std::vector<std::pair<calque::mark, std::string>> mentions_;
  std::map<std::string, std::string, std::less<>> agents_;  // xml:id → who
  std::set<std::string, std::less<>> called_;               // ids that something in the file refers to
  uint32_t last_image_ = 0;
  int heading_depth_ = 0;
  bool is_edition_ = false;  // the exporter has written it
};

}  // namespace tei

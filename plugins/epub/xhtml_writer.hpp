// SPDX-License-Identifier: Apache-2.0
// The writer of what a tree of XHTML shows: its state, and where each of its parts is.
#pragma once

#include <calque/builder.hpp>

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/epub/xhtml.hpp"

namespace calque::plugins::xhtml_writing {

constexpr uint32_t none = markup_node::none;

inline bool is_medium_name(std::string_view name) {
  return name == "audio" || name == "video" || name == "object" || name == "iframe" || name == "embed" ||
         name == "canvas";
}

/// Whether a link is one that a document can hold: it leads somewhere, and stands in text.
inline bool is_link(const chapter &in, uint32_t node) {
  return in[node].name == "a" && in[node].attribute("href") && !in.holds_block[node];
}

class writer {
 public:
  writer(builder &out, const xhtml_setting &book, uint32_t chapter)
      : out_(out), book_(book), chapter_(chapter), in_(&book.chapters[chapter]) {}

  uint64_t run();
  uint64_t run_own();

 private:
  struct aside_to_come {
    enum { note, alt, drawing_words, image_words, ruby } what;
    uint32_t anchor;
    node_place place;
    std::string label;
  };

  node_place place(uint32_t node) const { return {chapter_, node}; }
  source_range range(uint64_t begin, uint64_t end) const { return {begin, end, in_->source}; }
  const markup_node &at(uint32_t node) const { return (*in_)[node]; }

  // What is not read (xhtml.cpp)
  void skip(uint64_t begin, uint64_t end, std::string_view code);
  void skip_texts(uint32_t top, std::string_view code);
  void skip_silent_head();

  // Blocks (xhtml.cpp)
  /// What stands in `parent`: blocks, and inlines in paragraphs of their own.
  void blocks(uint32_t parent) { blocks(parent, at(parent).first); }
  void blocks(uint32_t parent, uint32_t first);
  bool is_block_like(uint32_t node) const;
  /// Whether a run of inlines has anything in it; blanks alone are what is between blocks.
  bool shows_something(uint32_t begin, uint32_t end) const;
  /// Written elsewhere, or not at all.
  bool is_hidden(uint32_t node) const;
  /// What a run without text holds all the same: pages that begin, things that are skipped.
  void pass_over(uint32_t top);
  /// Begins the page that begins here, if one does; true when nothing of the element is to be written here.
  bool pass_hidden(uint32_t node);
  void medium(uint32_t node);
  void block(uint32_t node);
  void pass_children(uint32_t node);
  void text_block(kind k, uint32_t node);
  void container(uint32_t node);
  /// An item, a cell, a definition: inlines stand in it directly where there are no blocks.
  void fill(uint32_t node);
  void item(uint32_t node, kind k);
  void list(uint32_t node);

  // Editions of ours (xhtml_edition.cpp)
  /// An element of an edition that has a name by which links find it.
  bool is_node(const markup_node &one) const { return book_.is_own && one.attribute("id"); }
  void put_attributes(const markup_node &one);
  bool own_block(uint32_t node);
  /// The fields that a record holds. Whatever else was put into it is kept as one.
  void record(uint32_t top);
  void field(uint32_t node);
  /// What a part holds, or (within no part) the body. Where the next file begins with as many parts without a name,
  /// it goes on there.
  void contents_of_part(uint32_t node);
  /// The body of a file, and the parts without a name that stand at its head, each in the one before.
  std::vector<uint32_t> leading(uint32_t file) const;
  bool goes_on(uint32_t top, uint32_t depth) const;
  /// Notes that nothing calls stand behind the last part.
  void end_file(uint32_t top);
  void begin_file(uint32_t file);
  bool own_inline(uint32_t node);

  // Lists of definitions and tables (xhtml.cpp)
  void definitions(uint32_t node);
  void definitions_of(uint32_t node);
  void rows(uint32_t node);
  void cells(uint32_t row);
  /// Begins the page of what is a cell; what is none, but stands where cells do, begins its own.
  bool is_cell(uint32_t node);
  void cell(uint32_t node);
  static bool is_number(std::string_view text);

  // Inlines (xhtml_inlines.cpp)
  /// A run of inlines [begin, end) that is read as one line of text.
  void line(uint32_t begin, uint32_t end);
  void inlines(uint32_t begin, uint32_t end);
  void element(uint32_t node);
  void field_of_form(uint32_t node);
  /// A part of an image that leads elsewhere: a link without words.
  void part_of_picture(uint32_t node);
  bool shows_something_below(uint32_t node) const { return shows_something(at(node).first, none); }
  /// Browsers write the marks; the files have none.
  void mark_of_quotation(std::string_view mark, uint64_t where);
  bool is_call_alone(uint32_t node) const;
  std::string href_of(std::string_view href) const;
  void leaf_ends() { leaf_open_ = false; }
  void put(std::string_view bytes, source_range from);
  void put_blank();
  /// Text of a piece: runs of blanks are one, none stand at the ends of a line.
  void text(const text_piece &piece);

  // Notes, images and other asides (xhtml_inlines.cpp)
  void call(uint32_t node, const book_note &note);
  void image(uint32_t node);
  void drawing(uint32_t node);
  /// A formula in TeX where the file has that too, else its signs, with MathML itself as an attribute.
  void formula(uint32_t node);
  /// Each sign is a word, whatever it stands over, under or beside. An image in a formula is in its MathML.
  void formula_signs(uint32_t first);
  void ruby_text(uint32_t node);
  /// Asides are written when the blocks are: a note may call another, and so on, without one being within the other.
  void write_asides();
  /// What stands for an image that the book does not hold: its alternative text, in brackets.
  void words_in_brackets(uint32_t node);
  void drawing_words(uint32_t node, uint32_t anchor);

  builder &out_;
  const xhtml_setting &book_;
  uint32_t chapter_;
  const chapter *in_;
  std::deque<aside_to_come> asides_;
  std::optional<source_range> blank_;  // blanks that were read and are not written yet
  bool at_start_ = true;               // of a line, where blanks are not shown
  bool leaf_open_ = false;             // the last leaf can be gone on with
  bool verbatim_ = false, code_ = false;
  std::optional<kind> leaf_kind_;  // of the leaves of a formula, or of another notation
  uint32_t called_ = none;         // the element around a call of an edition
  uint32_t parts_ = 0;             // open around what is read, in an edition
  uint64_t skipped_ = 0;
};

}  // namespace calque::plugins::xhtml_writing

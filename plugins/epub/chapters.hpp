// SPDX-License-Identifier: Apache-2.0
// The files of a book's spine as trees, and what ties them together: notes with their calls, and pages.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "plugins/epub/markup.hpp"

namespace calque::plugins {

struct chapter {
  std::string path;  // in the archive
  std::string base;  // what its references are relative to
  uint32_t source = 0;
  markup tree;
  uint32_t body_node = 0;
  /// Whether there is a block, or a list, table, heading or the like, somewhere below a node.
  std::vector<bool> holds_block, holds_structure;
  /// Whether a node is one of the forms of an epub:switch that was not chosen.
  std::vector<bool> is_other_case;

  const markup_node &operator[](uint32_t node) const { return tree[node]; }
  /// Whether bytes of the file can be text as they stand: they are sound, and UTF-8.
  bool has_plain_bytes() const;
  /// Whether there is something below a node that is shown and is no text.
  bool holds_picture(uint32_t node) const;
  /// Whether a page begins at an element that holds no more than its number.
  bool is_page_sign(uint32_t node) const;
  /// The element that holds what is read: body, or the root of what is no XHTML.
  uint32_t body() const { return body_node; }
};

chapter make_chapter(std::string path, uint32_t source, markup tree);

bool is_block_name(std::string_view name);
/// 1 to 6; 0: it is no heading.
unsigned heading_level(std::string_view name);
/// Elements whose text is none that is read: scripts, styles, the head.
bool is_silent_name(std::string_view name);
/// What programs note on a formula, no part of it.
bool is_annotation(std::string_view name);
/// The words that a form shows in a field of one line; none in what is no such field.
std::string_view words_of_field(const markup_node &);
/// The TeX that a formula has beside its signs; none when it has not.
uint32_t tex_of(const chapter &, uint32_t formula);

struct node_place {
  uint32_t chapter = 0, node = 0;
  uint64_t key() const { return uint64_t{chapter} << 32 | node; }
};

/// A note that stands elsewhere and is called at one place.
struct book_note {
  node_place element, call;
  std::string label;
  bool is_picture = false;             // the call shows more than its sign, which stays before the note
  std::vector<node_place> more_calls;  // other links to it
};

/// Finds notes by what files say (noteref, footnote, endnote, in EPUB's or ARIA's words), or else by a short link to a
/// later block that leads back to it. A note has one call, the first; other links to it stay links. Nothing is moved
/// out of links, drawings, formulas, or what is not read.
class book_ties {
 public:
  /// `is_own`: in an edition of ours only what is called a call is one.
  explicit book_ties(const std::vector<chapter> &chapters, bool is_own = false);

  /// The note that a link calls; null when it calls none.
  const book_note *called_by(node_place link) const;
  /// Whether an element is a note that is written at its call.
  bool is_note(node_place element) const { return by_element_.count(element.key()) != 0; }
  /// A link from a note to its call.
  bool is_back_link(node_place link) const { return back_links_.count(link.key()) != 0; }
  const std::vector<book_note> &notes() const { return notes_; }

  /// The element that `reference`, in a file with that base, leads to.
  std::optional<node_place> target_of(std::string_view base, std::string_view reference) const;
  std::optional<node_place> target_at(std::string_view path, std::string_view fragment) const;

  /// Names a page that begins at an element, as a list of pages says.
  void set_page(node_place element, std::string label) {
    const auto [known, is_new] = pages_.emplace(element.key(), label);
    if (!is_new && known->second.empty()) known->second = std::move(label);
  }
  /// The label of the page that begins at an element; null when none does.
  const std::string *page_at(node_place element) const;

 private:
  void find_pages(const std::vector<chapter> &);
  void find_notes(const std::vector<chapter> &, bool is_own);
  /// Index of the innermost note that a place is in, or none.
  uint32_t note_that_holds(const std::vector<chapter> &, node_place) const;
  void find_notes_called_in_links(const std::vector<chapter> &);
  void leave_unreachable(const std::vector<chapter> &);
  void find_back_links(const std::vector<chapter> &);

  struct names_of_file {
    uint32_t chapter = 0, body = 0;
    std::unordered_map<std::string_view, uint32_t> nodes;  // by id; the names are the trees' own
  };
  std::unordered_map<std::string_view, names_of_file> files_;  // by path
  std::vector<book_note> notes_;
  std::unordered_map<uint64_t, uint32_t> by_element_, by_call_;
  std::unordered_set<uint64_t> back_links_;
  std::unordered_map<uint64_t, std::string> pages_;
};

/// Without blanks at its ends, and with each run of them as one.
std::string squeezed(std::string_view text);

}  // namespace calque::plugins

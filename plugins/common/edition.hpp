// SPDX-License-Identifier: Apache-2.0
// What exporters of an edition share: marks as well-nested elements, points, notes by their calls, the cast, languages.
#pragma once

#include <calque/calque.hpp>

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace edition {

using calque::annotation;
using calque::document_view;
using calque::node;
using calque::text_range;

/// A stretch of text that an edition shows as an element, or a point (an empty range).
struct mark {
  annotation what;
  uint32_t layer;         // index in the document
  std::string_view name;  // of the layer
  text_range range;
  bool is_bracket = false;  // a bracket as printed, at an end of an editorial intervention
};

/// Marks by (begin, end descending), found by the text that they touch.
class mark_list {
 public:
  mark_list() = default;
  /// Those of the layers, in this order where they begin and end together. Points are left out.
  mark_list(document_view, std::span<const std::string_view> layers);
  /// Non-empty ones that share a letter with the range.
  std::vector<const mark *> touching(text_range) const;
  const std::vector<mark> &all() const { return marks_; }

 private:
  friend class reading;
  void sort();
  std::vector<mark> marks_;
  std::vector<uint32_t> farthest_end_;  // of marks_[0..k]
};

/// One step in writing the inlines of a block; opens and closes are well nested.
struct step {
  enum class what { open_node, close_node, open_mark, close_mark, leaf, point };
  what does;
  uint32_t node = 0;                    // open_node, close_node, leaf: index
  const edition::mark *mark = nullptr;  // open_mark, close_mark, point
  text_range range = {};                // leaf: the piece of it
  bool is_split = false;                // open_mark: one of several pieces
};

/// One who speaks, took part, interpreted or wrote, from calque.name/1.
struct person {
  annotation what;
  std::string slug;  // unique in the document, fit for an XML id
  std::string_view full, short_name;
};

/// What an exporter looks up; made once a run.
class reading {
 public:
  /// `shown`: the layers whose spans become elements.
  reading(document_view, std::span<const std::string_view> shown);
  reading(const reading &) = delete;
  reading &operator=(const reading &) = delete;

  document_view document() const { return document_; }
  const calque::id_index &ids() const { return ids_; }

  /// The inlines among nodes [first, end): siblings and all below them. Marks that overlap each other or an inline
  /// are cut into pieces; every point at a leaf of the run comes exactly once.
  std::vector<step> steps(uint32_t first, uint32_t end) const;
  /// Points of a document that has no text to stand at.
  std::vector<const mark *> homeless_points() const;
  /// Whether the range is within one leaf, without a point in it.
  bool is_plain(text_range) const;

  /// The asides whose call is that leaf.
  std::vector<node> asides_of(node anchor) const;
  /// Asides that are called from a subtree, or lie in it without a call; not those within such an aside.
  std::vector<node> asides_below(node) const;
  /// Whether an aside has a call, and is thus written there.
  bool is_called(node aside) const;

  const std::vector<person> &people() const { return people_; }
  const person *person_of(uint32_t annotation_id) const;
  /// Who speaks in a speech.
  const person *speaker_of(node speech) const;

  /// The language of a node: its own attribute, or the smallest mark that covers all of its text; empty if neither.
  std::string_view language_of(node) const;
  /// The language of most of the main text; empty when nothing is known.
  std::string_view main_language() const { return main_language_; }
  /// Every language that a mark or an attribute names, in order.
  std::vector<std::string_view> languages() const;
  /// Whether a language mark covers all of a block's text and is thus said by the block.
  static bool covers(const mark &m, text_range r) { return m.range.begin <= r.begin && m.range.end >= r.end; }

  const mark_list &language_marks() const { return language_marks_; }

 private:
  void find_people();
  void place_points();

  document_view document_;
  calque::id_index ids_;
  mark_list shown_, language_marks_;
  std::vector<mark> points_;
  std::unordered_map<uint32_t, std::vector<const mark *>> points_at_;  // by leaf index, in order
  std::unordered_map<uint32_t, std::vector<uint32_t>> asides_;         // by the id of the call
  std::set<uint32_t> called_;                                          // asides, by index
  std::vector<person> people_;
  std::unordered_map<uint32_t, size_t> person_by_annotation_, person_by_speech_;
  std::string_view main_language_;
};

/// The pages and languages of a document that its edition has said: the number of a layer, and of an annotation in it.
using said_marks = std::set<std::pair<uint32_t, uint32_t>>;
/// Those languages of a layer that cover all of a block's text, so that its own attribute says them.
void note_languages(const reading &, text_range block, said_marks &to);
/// The codes for the others; a language of no text says nothing.
struct unsaid_codes {
  std::string_view page, language, language_of_nothing;
};
void account_for_marks(document_view, calque::output &, const said_marks &, const unsaid_codes &);

/// True for what stands in a line: leaves, inline kinds, and named kinds that hold only such.
bool is_inline(node);
/// The index after the run of inlines that begins with this child of `parent`.
uint32_t end_of_inlines(document_view, node parent, uint32_t first);
/// Whether text has the form of a BCP 47 tag.
bool is_language_tag(std::string_view);
/// All text below a node in one line, without the asides in it; blocks are parted by a blank.
std::string plain_text(document_view, node);
/// The title field, else the first heading, else words that say that there is none.
std::string title_of(document_view);

/// A name fit for an XML id from any text, not among `used`, and added to them.
std::string unique_id(std::string_view wish, std::set<std::string> &used);

/// Replaces what neither XML nor HTML can hold: control characters get their pictures (U+2400…), non-characters U+FFFD.
/// False when there was none.
bool replace_forbidden(std::string_view text, std::string &result);

/// Percent-encodes what a URI reference may not hold; a text that is one stays as it is.
std::string uri(std::string_view text);

std::string base64(std::string_view bytes);

/// An EDTF value taken apart, for forms that know less of dates.
struct edtf_date {
  struct bound {
    std::string value;        // without qualifiers: 1962-04-29, 1962-04, 1962-04-29T17:50; empty: unknown or open
    std::string first, last;  // of a date with unspecified digits, 196X: 1960 and 1969
  };
  bool is_interval = false, is_uncertain = false, is_approximate = false;
  bound begin, end;
};
/// Nothing for sets, seasons and what else has no plain form.
std::optional<edtf_date> read_edtf(std::string_view);

}  // namespace edition

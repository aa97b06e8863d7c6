// SPDX-License-Identifier: Apache-2.0
// Which links of a page call notes, and where the text of those notes stands.
#pragma once

#include "plugins/common/html/tree.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace calque::plugins::html_reading {

/// A note: the element that calls it, its number as printed, and the element that holds its text. A picture in the call
/// stays before the note.
struct note {
  element call, body;
  std::string label;
  bool is_written = false;
};

/// Whether its class is what tools call one note; "notes" and the like are lists of them.
bool is_classed_note(element e);

/// What notes a page has, by what its elements say (DPUB-ARIA, epub:type, the classes of pandoc) and by how its links
/// lead to and fro (Wikipedia, Word, WordPress): a short link to a later block that leads back to it.
class note_finder {
 public:
  /// `said`: only what an edition of Calque calls a call and a note.
  enum class marks { any, said };
  explicit note_finder(element root, marks known = marks::any);

  /// The note that this element calls for the first time.
  note *called_by(element e);
  /// The note whose text this element is.
  note *body_of(element e);
  std::vector<note> &all() { return notes_; }
  /// A link that only leads back to the call of a note.
  bool leads_back(element e) const { return back_links_.count(e) > 0; }
  /// The number of a note, printed again before its text.
  bool is_number(element e) const { return numbers_.count(e) > 0; }
  /// What holds nothing but notes, their heading and a rule.
  bool is_shell(element e) const { return shells_.count(e) > 0; }
  /// Whether a link of the page leads to this element.
  bool is_target(std::string_view id) const { return targets_.count(id) > 0; }

 private:
  void collect(element e);
  element target_of(element link) const;
  element block_of(element target) const;
  bool holds_other_target(element above, element block) const;
  element term_of(element body) const;
  bool is_at(element place, const std::unordered_set<element> &parts) const;
  bool leads_to(element block, element call);
  void add(element link, element body, marks known);
  void find_parts(const note &n);
  void find_shells();
  bool is_bare(element e) const;

  std::unordered_map<std::string_view, element> by_id_;
  std::vector<uint32_t> target_places_;  // of what links lead to, in order
  std::unordered_map<element, std::vector<element>> leads_of_;  // where the links of a block lead
  std::vector<element> links_;
  std::vector<note> notes_;
  std::unordered_map<element, size_t> calls_, bodies_;
  std::unordered_map<element, std::unordered_set<element>> call_places_;  // body → its calls, or what is around them
  std::unordered_set<element> back_links_, numbers_, shells_;
  std::unordered_set<std::string_view> targets_;
};

}  // namespace calque::plugins::html_reading

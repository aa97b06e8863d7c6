// SPDX-License-Identifier: Apache-2.0
// From brackets to typed interventions: what each one does, by its phrase, its form and the words around it.
#pragma once

#include "plugins/editorial/brackets.hpp"
#include "plugins/editorial/vocabulary.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace calque::editorial {

struct intervention {
  std::string_view kind;
  bracket where;
  std::string agent, certainty, extent, language;  // empty: not stated
  std::optional<stretch> marks;                    // the word before that it speaks of
};

/// What is known of the document that a block stands in.
struct surroundings {
  std::unordered_set<std::string> person_words;     // folded words of the names of persons (labels, participants)
  std::unordered_set<std::string> bracketed_names;  // folded; labels that are all bracket: [Unidentified]
  bool is_label = false;                            // the block is a speaker's label
};

/// The kind of one bracket of `block`; nothing where it is no intervention: a note call, a page number, a link's text.
std::optional<intervention> classify(std::string_view block, const bracket &, const vocabulary &, const surroundings &);

}  // namespace calque::editorial

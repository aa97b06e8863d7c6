// SPDX-License-Identifier: Apache-2.0
// What editions that a browser shows have in common: signs of the editors, directions, links, dates, names of fields.
#pragma once

#include "edition.hpp"

namespace edition {

/// How an editorial intervention is shown and explained.
struct intervention {
  std::string_view kind, sign, name, meaning;
};
const intervention *find_intervention(std::string_view kind);
/// What stands in its title: name, meaning, agent, certainty and extent.
std::string explain(const intervention &, const annotation &);
/// CSS that puts a line under each kind of intervention and its sign behind it.
std::string intervention_rules();

/// Whether a language is written from right to left, by its tag.
bool is_right_to_left(std::string_view tag);
/// Whether text holds a letter of such a script: U+0590 to U+08FF and the presentation forms.
bool has_right_to_left(std::string_view text);

/// Whether a reader may follow a link there: the web, mail, or a place in the page or beside it.
bool can_follow(std::string_view href);
/// What <time datetime> takes of an EDTF value; empty when it takes none.
std::string machine_time(std::string_view edtf);

/// What a field is called where the source gives it no label.
std::string name_of_field(node field);
/// A number as text, at most `most`; `otherwise` where it is none.
uint32_t number_of(std::optional<std::string_view> text, uint32_t otherwise, uint32_t most);
bool begins_with_heading(node);

}  // namespace edition

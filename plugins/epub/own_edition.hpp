// SPDX-License-Identifier: Apache-2.0
// Books that Calque has written: their elements are named after the nodes that they were, before anything is read.
#pragma once

#include <calque/base.hpp>

#include <optional>
#include <string_view>

#include "plugins/epub/markup.hpp"

namespace calque::plugins {

/// Names that no file can have, for they hold a blank: what begins with `block_mark` or `inline_mark` goes on with the
/// name of a kind, or with a word below.
namespace own {
constexpr std::string_view block_mark = "block ", inline_mark = "inline ";

constexpr std::string_view dress = "block dress";          // a paragraph around inlines that stand in a block directly
constexpr std::string_view field = "block field";          // a value of the record
constexpr std::string_view record = "block record";        // holds fields and their labels
constexpr std::string_view made_anew = "made anew";        // words that an edition puts around its text
constexpr std::string_view persons = "made persons";       // the list of persons
constexpr std::string_view number = "made number";         // of a note, with the way back
constexpr std::string_view inline_dress = "inline dress";  // a mark of a layer, or a link that is made anew
constexpr std::string_view call = "inline call";           // around the calls of a note
constexpr std::string_view missing_image = "inline image", anchor = "inline anchor", math = "inline math",
                           raw = "inline raw";
}  // namespace own

/// Whether a package says that Calque has made its book.
bool is_own_edition(const markup &package);

/// Renames the elements of a page: every element with an id is a node, and a block without one is dress.
void name_after_nodes(markup &page);

/// The kind behind a name of the kinds above, where it is a block or an inline of the core model.
std::optional<kind> own_kind(std::string_view name);

/// A part (section, division, …) of an edition, which may go on in the next file.
bool is_own_part(std::string_view name);

}  // namespace calque::plugins

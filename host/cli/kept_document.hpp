// SPDX-License-Identifier: Apache-2.0
// A document in a file of its own, as `convert` reads and writes it: packed (.cqdoc), or as a text dump (.cqdump).
#pragma once

#include <string>
#include <string_view>

#include "host/document/diagnostic.hpp"
#include "host/document/document.hpp"

namespace calque::host {

enum class kept_form { none, packed, dump };

/// By the extension of a name, dot included, or the word after --to.
kept_form kept_form_of(std::string_view suffix_or_word);

/// By how the bytes begin.
kept_form kept_form_within(std::string_view bytes);

/// The document with all it has: ids, fields, layers, sources, origins, resources.
std::string keep(const document &, kept_form);

/// Trusts nothing: what is wrong has the codes packed.*, dump.syntax and document.invalid.
result<document> read_kept(std::string_view bytes);

}  // namespace calque::host

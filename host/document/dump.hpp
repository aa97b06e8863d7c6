// SPDX-License-Identifier: Apache-2.0
// The text dump of a document: everything that is in it, in a stable form that people read and tests compare.
#pragma once

#include <string>
#include <string_view>

#include "host/document/diagnostic.hpp"
#include "host/document/document.hpp"

namespace calque::host {

/// Of a document that is valid; docs/document-model.md describes the notation. The same document gives the same bytes,
/// always.
std::string dump(const document &);

/// The document that a dump shows, validated. A mistake in the notation has the code dump.syntax and a line.
result<document> parse_dump(std::string_view text);

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// The text dump of a document: everything that is in it, in a stable form that people read and tests compare.
#pragma once

#include <string>
#include <string_view>

#include "host/document/diagnostic.hpp"
#include "host/document/document.hpp"

namespace calque::host {

/// docs/document-model.md describes the notation. The same document gives the same bytes, always. Resources are named
/// with their digest; their bytes are added, in hexadecimal, only where `with_blobs` says so.
std::string dump(const document &, bool with_blobs = false);

/// The document that a dump shows, validated. Errors have the code dump.syntax and a line; resources without bytes
/// come back empty.
result<document> parse_dump(std::string_view text);

}  // namespace calque::host

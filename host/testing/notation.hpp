// SPDX-License-Identifier: Apache-2.0
// The short notation of test documents, and the listings in which tests compare them.
#pragma once

#include <calque/builder.hpp>
#include <calque/document.hpp>

#include <string>
#include <string_view>

namespace calque::testing {

/// Writes what the notation says (see sdk/include/calque/testing.hpp). A mistake throws std::invalid_argument.
void build_from_notation(std::string_view notation, builder &out);

/// Fields as "field key: text", then every block, one a line, deeper blocks indented by two blanks; ⏎ for a line break.
std::string list_text(document_view document);

/// Annotations of a layer, one a line: kind, what it covers, values; references show what they lead to.
std::string list_layer(document_view document, std::string_view name);

}  // namespace calque::testing

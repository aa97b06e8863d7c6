// SPDX-License-Identifier: Apache-2.0
// What a file is by its first bytes and its name, before any importer is asked.
#pragma once

#include <string>
#include <string_view>

namespace calque::host {

/// By content where that is plain, else by the name's extension; may be empty.
std::string media_type_of(std::string_view name, std::string_view head);

/// What the bytes are for sure ("application/pdf"), or empty: text and unknown formats have no plain mark.
std::string_view media_type_of_content(std::string_view head);

/// By the name's extension; empty when unknown.
std::string_view media_type_of_name(std::string_view name);

/// What to call such an input in a message: "a PDF", "binary data", "text".
std::string describe_content(std::string_view head);

}  // namespace calque::host

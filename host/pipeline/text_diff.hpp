// SPDX-License-Identifier: Apache-2.0
// What differs between two texts, for people: a unified diff by line, or one line with the words that differ.
#pragma once

#include <string>
#include <string_view>

namespace calque::host {

/// A unified diff with three lines around each change; empty when the texts are equal. Texts that differ in very many
/// places give one hunk.
std::string unified_diff(std::string_view expected, std::string_view found, std::string_view expected_name,
                         std::string_view found_name);

/// One text with what is missing as [-old-] and what is new as {+new+}.
std::string word_diff(std::string_view expected, std::string_view found);

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Whether a paragraph goes on in the next one: what a page break cut, told from two paragraphs.
#pragma once

#include <string_view>

namespace calque::plugins {

/// How two paragraphs belong together: not at all; with a blank between them; as one word, where the first ends with a
/// hyphen; as they are, in scripts without blanks.
enum class join { none, blank, hyphen, direct };

/// A missing join leaves two paragraphs, a wrong one makes nonsense: when in doubt, none.
join join_of(std::string_view before, std::string_view after);

/// The number in a paragraph that is nothing but a page's number ("- 12 -", "[p. 12]", "Page 12"); empty if it is not.
std::string_view page_number(std::string_view paragraph);

}  // namespace calque::plugins

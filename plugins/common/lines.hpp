// SPDX-License-Identifier: Apache-2.0
// Text cut into lines, at every kind of line end that files have.
#pragma once

#include <string_view>
#include <vector>

namespace calque::plugins {

/// Lines tile the text: each begins where the one before it has its `next`.
struct line {
  size_t begin = 0, end = 0;  // without the line end
  size_t next = 0;            // behind the line end
  bool ends_page = false;     // the line end is a form feed
};

/// LF, CR LF, CR, NEL, the line and paragraph separators of Unicode, and form feeds.
std::vector<line> split_lines(std::string_view text);

/// A line without the blanks at its ends: [begin, end) of the text, empty for a blank line.
line without_blanks(std::string_view text, const line &whole);

}  // namespace calque::plugins

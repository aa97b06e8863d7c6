// SPDX-License-Identifier: Apache-2.0
// Headings that are only typed as such: a line in bold or capitals, or one that begins with a number.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace calque::plugins {

/// A block of a document, as far as the rules look at it.
struct heading_block {
  enum class shape { paragraph, heading, other };
  std::string_view text;
  shape is = shape::other;
  uint32_t group = 0;    // blocks of one container
  bool is_bold = false;  // every letter of it is
  bool is_line = true;   // one line of the source, or two
  uint32_t level = 0;    // of a heading
};

struct heading_rules {
  bool bold = true, capitals = true, numbers = true, repair = true;
};

struct found_heading {
  size_t block;  // index
  uint32_t level;
  std::string_view why;  // "bold", "capitals", "number", "name"; empty for a heading whose level is another now
};

/// What becomes a heading, and whose level changes; ascending. When in doubt, nothing.
std::vector<found_heading> find_headings(const std::vector<heading_block> &, const heading_rules &);

}  // namespace calque::plugins

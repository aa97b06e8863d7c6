// SPDX-License-Identifier: Apache-2.0
// Markers of items, and which paragraphs in a row are lists.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace calque::plugins {

/// "(a) ", "12. ", "• ": how it is written, and what it counts.
struct marker {
  enum class style { decimal, lower_alpha, upper_alpha, lower_roman, upper_roman, bullet, dash };
  enum class delimiter { none, period, paren, parens };
  style is = style::bullet;
  delimiter by = delimiter::none;
  uint32_t number = 0;  // of a bullet: the character
  size_t begin = 0;     // of the marker as printed
  size_t end = 0;
  size_t text_begin = 0;  // behind the blanks after it
  bool same_series(const marker &other) const {
    return is == other.is && by == other.by && (is < style::bullet || number == other.number);
  }
};

/// The ways to read the begin of a text as a marker: none, one, or two ("i." is a number and a letter).
std::vector<marker> markers_of(std::string_view text);

/// A list within a row of paragraphs; indices count from the row's first.
struct found_list {
  struct item {
    size_t paragraph;
    marker mark;
    std::vector<found_list> below;
  };
  std::vector<item> items;
};

struct list_rules {
  bool bullets = true, numbers = true;
};

/// The lists in a row of paragraphs, ascending; `before` is the text that stands above the row.
std::vector<found_list> find_lists(const std::vector<std::string_view> &row, std::string_view before,
                                   const list_rules &);

}  // namespace calque::plugins

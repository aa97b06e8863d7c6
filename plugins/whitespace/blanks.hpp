// SPDX-License-Identifier: Apache-2.0
// Blanks of a block that are layout: more than one, at its ends, beside line breaks; and soft hyphens.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace calque::plugins {

struct blank_rules {
  bool keep_nbsp = true;
  bool remove_soft_hyphens = false;
};

/// A leaf of a block, as the rules see it.
struct blank_leaf {
  enum class is { text, soft_break, line_break, other };
  is what;
  std::string_view text;
};

struct blank_edit {
  size_t leaf, begin, end;  // of the leaf's text
  std::string_view replacement, code;
};

/// Edits of one block's leaves, ascending. `other` leaves are words that stay as they are.
std::vector<blank_edit> tidy_blanks(const std::vector<blank_leaf> &leaves, const blank_rules &rules);

}  // namespace calque::plugins

// SPDX-License-Identifier: Apache-2.0
// The first marks of blocks, each recognized in the rest of a line.
#pragma once

#include "plugins/markdown/syntax.hpp"

#include <optional>

namespace markdown {

/// The number of marks of an ATX heading, or 0.
size_t heading_marks(std::string_view rest);
/// 1 for ===, 2 for ---, else 0.
int setext_level(std::string_view rest);
bool is_rule(std::string_view rest);
/// The length of a fence of backticks or tildes, or 0.
size_t fence_length(std::string_view rest);
/// Which of the seven begins of an HTML block; 0: none. The seventh cannot interrupt a paragraph.
int html_start(std::string_view rest);
bool ends_html(std::string_view rest, int start);

struct list_mark {
  char mark;  // - + * . )
  bool is_ordered;
  uint32_t number;
  size_t size;
};
std::optional<list_mark> read_list_mark(std::string_view rest);

/// Alignments of a table's second line, l r c or a dash for each column; empty when it is none.
std::string delimiter_row(std::string_view line);

/// The size of "[^label]:" and its label.
size_t note_mark(std::string_view rest, std::string_view &label);

/// A fence of colons: its length, 0 when it is none; `rest_at` is behind it.
size_t division_fence(std::string_view rest, size_t &rest_at);

}  // namespace markdown

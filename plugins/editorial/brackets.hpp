// SPDX-License-Identifier: Apache-2.0
// Finds pairs of brackets in a text: nested ones, unclosed ones, square ones of every width.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace calque::editorial {

/// A stretch of the text.
struct stretch {
  uint32_t begin = 0, end = 0;
  bool operator==(const stretch &) const = default;
};

/// A bracket with its signs: [begin, end); what it holds: [open_end, close_begin).
struct bracket {
  uint32_t begin = 0, open_end = 0, close_begin = 0, end = 0;
  bool operator==(const bracket &) const = default;
};

struct bracket_scan {
  std::vector<bracket> pairs;          // by begin; an outer one before those that it holds
  std::vector<uint32_t> unclosed;      // where an opening sign has no closing one
  std::vector<uint32_t> never_opened;  // where a closing sign has no opening one
};

/// One pass over the text. Square brackets always; `wide` adds ［］ 〔〕 【】, as East Asian texts print them. A
/// closing sign closes the nearest open one of its own shape; what was opened in between stays unclosed.
bracket_scan find_brackets(std::string_view text, bool wide);

}  // namespace calque::editorial

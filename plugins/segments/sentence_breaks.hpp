// SPDX-License-Identifier: Apache-2.0
// Sentences of a block of text: ICU's breaks, less those after abbreviations and initials.
#pragma once

#include "plugins/segments/block_places.hpp"

#include <unicode/brkiter.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace calque::segments {

/// [begin, end) without the blanks around it, and what ended it.
struct sentence {
  uint32_t begin = 0, end = 0;
  std::string_view rule;  // terminator, line_break, block_end, or the name of an SRX rule
};

/// A block as one sentence; none when it is blank.
inline std::vector<sentence> whole(std::string_view block) {
  const size_t begin = skip_gaps(block, 0), end = begin_of_gaps(block, block.size());
  if (begin >= end) return {};
  return {{static_cast<uint32_t>(begin), static_cast<uint32_t>(end), "block_end"}};
}

class sentence_breaker {
 public:
  /// `more`: abbreviations beside the built-in ones, with or without their stop.
  explicit sentence_breaker(const std::vector<std::string> &more);

  /// In order. Not at once from several threads: ICU's iterator is used in place.
  std::vector<sentence> split(std::string_view block);

 private:
  bool is_held(std::string_view block, size_t sentence_begin, size_t stop_end, size_t next) const;

  std::unique_ptr<icu::BreakIterator> iterator_;
  abbreviation_set abbreviations_, before_numbers_, bodies_, openers_, times_;
};

}  // namespace calque::segments

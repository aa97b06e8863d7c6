// SPDX-License-Identifier: Apache-2.0
// Writes text and skips of an HTML file to the builder, so that together they tile it.
#pragma once

#include "plugins/common/decoding.hpp"
#include "plugins/common/html/tree.hpp"

#include <string>
#include <vector>

namespace calque::plugins::html_reading {

class account {
 public:
  /// `stage` begins the codes. `source` is the builder's number of the file that `text` was decoded from.
  account(builder &out, const decoded_text &text, uint32_t source, std::string_view stage);

  /// A new leaf, or the next bytes of the one that was written last. Bytes of the file that are in the document
  /// already are not claimed again: what they give a second time has the place alone as its origin.
  uint32_t leaf(kind k, std::string_view bytes, stretch from, bool is_same);
  void more(std::string_view bytes, stretch from, bool is_same);
  /// Text that the file does not hold, put in at a place.
  uint32_t insert(kind k, std::string_view bytes, size_t at);
  /// Says of what is not claimed in this stretch yet that it is left out. `code` is without the stage's name.
  void skip(stretch part, std::string_view code);
  /// Skips all that nobody claimed: markup, comments, white space, and text that HTML's own rules drop.
  void settle();

  builder &out() { return out_; }
  source_range range_of(stretch part) const;
  std::string code(std::string_view word) const { return stage_ + "." + std::string(word); }

 private:
  bool is_claimed(stretch part) const;
  bool is_free(size_t at) const { return ((claimed_[at / 64] >> (at % 64)) & 1) == 0; }
  void claim(stretch part);
  /// Where the state (claimed or not) of the character at `at` ends.
  size_t end_of_state(size_t at, size_t end) const;

  builder &out_;
  const decoded_text &text_;
  uint32_t source_;
  std::string stage_;
  std::vector<uint64_t> claimed_;
};

}  // namespace calque::plugins::html_reading

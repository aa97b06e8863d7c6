// SPDX-License-Identifier: Apache-2.0
// Labels at the front of a paragraph: "Zhang:", "Mr. K. –", "周恩来：". Shape only; who speaks is speakers.hpp's
// question.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace calque::plugins {

struct label {
  std::string_view name;      // without the colon, and without what parentheses add
  std::string key;            // the name, folded: labels of one person have one key
  std::string short_name;     // what "(hereinafter …)" says that later labels will be, folded
  size_t begin = 0;           // of the label in the line
  size_t end = 0;             // behind the colon
  size_t text_begin = 0;      // of the words that follow; the line's size if there are none
  bool introduces = false;    // has a "(hereinafter …)"
  bool is_bracketed = false;  // "[Unidentified]:"
  bool by_dash = false;       // "Mr. K. – Yes." instead of a colon
};

/// The label that a line begins with, if what stands before its colon or dash can be a name: few words, all of them
/// capitalised but for particles, in any script. A sentence ("I say this: we agree") has no such words.
std::optional<label> find_label(std::string_view line);

/// True when a text ends as sentences do: with a stop, a question, an exclamation or an ellipsis, before quotes,
/// brackets and calls of notes.
bool ends_sentence(std::string_view text);

}  // namespace calque::plugins

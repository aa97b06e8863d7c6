// SPDX-License-Identifier: Apache-2.0
// What script a text is in, by Unicode, and what language, by CLD2, when that is sure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace calque::language {

/// The letters of a text by script. Han with kana is Japanese (Jpan), Han with hangul is Korean (Kore).
struct script_count {
  std::string_view script;  // ISO 15924 of most letters; empty: no letters
  size_t letters = 0;       // all of them
};
script_count count_script(std::string_view text);

struct guess {
  std::string tag = "und";  // BCP 47
  double confidence = 0;    // 0 when nothing is known
  bool is_known() const { return confidence > 0; }
};

/// The language of a text; unknown when CLD2 is not sure, or when less than `share` of the text is in it. With
/// `candidates`, what is none of them is unknown.
guess detect(std::string_view text, int share, const std::vector<std::string> &candidates);

/// What the script alone says: ko, ja, el … where one language has it to itself; else und-Hani, und-Cyrl; und for Latn.
guess by_script(std::string_view script);

/// A stretch of a text in another script than most of it.
struct foreign_run {
  uint32_t begin = 0, end = 0;
  std::string_view script;
  size_t letters = 0;
};
/// Stretches of letters in another script than `script`, with the blanks and signs between their words.
std::vector<foreign_run> foreign_runs(std::string_view text, std::string_view script);

}  // namespace calque::language

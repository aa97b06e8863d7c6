// SPDX-License-Identifier: Apache-2.0
// The tokens of a segment, by which segments are compared.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace calque::tm {

/// Cuts segments into tokens, after NFC and case folding: words (letters, marks and digits, with apostrophes between
/// them), each character of scripts that leave no gaps between words (Han, kana, hangul, Thai, Lao, Khmer, Burmese,
/// Tibetan) with its marks, and each other sign. Blanks, line ends and what shows nothing are no tokens.
class tokenizer {
 public:
  /// A digest of each token, in order. Two tokens of one digest count as equal.
  const std::vector<std::uint64_t> &cut(std::string_view text);
  /// The tokens themselves with | between them, for tests and people.
  std::string show(std::string_view text);

 private:
  template <class Take>
  void each(std::string_view text, Take &&take);

  std::string normal_;
  std::vector<std::uint64_t> digests_;
};

/// Text in NFC with one blank for each run of blanks, and none at its ends: what is equal for an exact match.
std::string exact_form(std::string_view text);
/// False where bytes are no UTF-8.
bool is_utf8(std::string_view text);

}  // namespace calque::tm

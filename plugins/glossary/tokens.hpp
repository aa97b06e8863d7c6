// SPDX-License-Identifier: Apache-2.0
// Text as a row of tokens: words and single characters in the form in which they are compared, each with its place.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "plugins/glossary/letters.hpp"

namespace calque::glossary {

enum class token_kind : uint8_t {
  word,   // of a script with blanks between words
  alone,  // one character of a script without
  sign,
  blank,  // a run of them
  line_end,
};

struct token {
  token_kind kind;
  uint32_t begin = 0, end = 0;  // in the text as it was given
  /// In NFC and case folded; empty for a blank, a line end, and for what is too long to be in a term. Valid until the
  /// next token is read.
  std::string_view key;
};

/// The longest word that can be in a term, in bytes of its key.
inline constexpr size_t longest_word = 250;

/// Reads tokens one after another. A blank at which a line only happens to end (`soft_breaks`, ascending places in the
/// text) is no token where it stands between two characters that any line may end between: Han and kana.
class token_reader {
 public:
  token_reader(std::string_view text, uint32_t begin, uint32_t end, std::span<const uint32_t> soft_breaks = {})
      : letters_(letters::all()), text_(text), at_(begin), end_(end), soft_breaks_(soft_breaks) {}
  token_reader(const token_reader &) = delete;
  token_reader &operator=(const token_reader &) = delete;

  bool next(token &out);

 private:
  bool read_word(token &out);
  void fold_the_long_way(token &out);
  bool is_only_line_end(uint32_t begin, uint32_t end) const;

  const letters &letters_;
  std::string_view text_;
  uint32_t at_, end_;
  std::span<const uint32_t> soft_breaks_;
  bool after_elastic_ = false;
  char buffer_[longest_word + 4];
  std::string long_;
};

/// Which letters of a token are capitals: bit k for its k-th letter, of the first 64; `all`: every one that has case.
struct capitals {
  uint64_t which = 0;
  uint32_t count = 0;  // letters
  bool has_case = false, all = true;
};
capitals capitals_of(std::string_view word);

}  // namespace calque::glossary

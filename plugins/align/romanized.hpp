// SPDX-License-Identifier: Apache-2.0
// Words and names in Latin letters, and what is left of them when spelling, voice and vowels do not count.
#pragma once

#include <unicode/translit.h>

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace calque::align {

/// A romanized name as a row of classes of consonants: Chervonenko, Червоненко and 契尔沃年科 are all "slfnk":
/// the same class twice in a row counts once.
/// `is_pinyin`: q, x, c and j are read as they sound in Chinese.
std::string skeleton(std::string_view latin, bool is_pinyin);

/// ICU's Any-Latin; Latin-ASCII; Lower, word by word and with a memory. Not at once from several threads.
class romanizer {
 public:
  romanizer();
  /// Lower-case ASCII, as far as ICU gets.
  const std::string &of(std::string_view word);

  /// The keys by which a capitalised word may meet a name in other letters, the best first: "=zhang" letter by
  /// letter, "~slfnk" by sound.
  std::vector<std::string> word_keys(std::string_view word);
  /// The same of all windows of Han signs of a text. They are many, and matter only where the other text has them.
  std::vector<std::string> window_keys(std::string_view text);

 private:
  void put_window_keys(const std::vector<std::string> &syllables, std::vector<std::string> &keys) const;

  std::unique_ptr<icu::Transliterator> latin_;
  std::unordered_map<std::string, std::string> known_;
};

}  // namespace calque::align

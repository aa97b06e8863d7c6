// SPDX-License-Identifier: Apache-2.0
// Numbers for words: every word of a termbase has one, any other is 0.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace calque::glossary {

/// Open addressing; a slot is a number and half a hash, so that most words of a text, which are in no term, are known
/// as such by one look.
class lexicon {
 public:
  lexicon() : slots_(64) { ends_.push_back(0); }

  /// The number of a word, which gets the next one when it is new. The first is 1.
  uint32_t add(std::string_view word);
  uint32_t find(std::string_view word) const {
    if (word.empty()) return 0;
    const uint64_t h = hash(word);
    for (size_t k = h & (slots_.size() - 1);; k = (k + 1) & (slots_.size() - 1)) {
      const slot &s = slots_[k];
      if (s.number == 0) return 0;
      if (s.half == static_cast<uint32_t>(h >> 32) && this->word(s.number) == word) return s.number;
    }
  }
  std::string_view word(uint32_t number) const {
    return std::string_view(pool_).substr(ends_[number - 1], ends_[number] - ends_[number - 1]);
  }
  size_t memory() const { return slots_.capacity() * sizeof(slot) + pool_.capacity() + ends_.capacity() * 4; }

 private:
  struct slot {
    uint32_t number = 0, half = 0;
  };

  /// Eight bytes at a time; words are short. No seed: the same termbase does the same work each time.
  static uint64_t hash(std::string_view word) {
    constexpr uint64_t k = 0x9e3779b97f4a7c15;
    uint64_t h = word.size() * k;
    const char *at = word.data();
    size_t left = word.size();
    for (; left >= 8; left -= 8, at += 8) {
      uint64_t piece;
      std::memcpy(&piece, at, 8);
      h = mix(h ^ piece);
    }
    uint64_t piece = 0;
    std::memcpy(&piece, at, left);
    return mix(h ^ piece);
  }
  static uint64_t mix(uint64_t h) {
    h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93;
    return h ^ (h >> 29);
  }
  void grow();

  std::vector<slot> slots_;  // a power of two, at most half of them taken
  std::string pool_;
  std::vector<uint32_t> ends_;
};

}  // namespace calque::glossary

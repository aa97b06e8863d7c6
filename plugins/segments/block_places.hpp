// SPDX-License-Identifier: Apache-2.0
// Blanks, stops and words around a place in a block.
#pragma once

#include "plugins/common/words.hpp"

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace calque::segments {

inline size_t skip_gaps(std::string_view block, size_t at) {
  while (at < block.size()) {
    size_t after = at;
    if (!plugins::is_gap(plugins::next_character(block, after))) break;
    at = after;
  }
  return at;
}

inline size_t begin_of_gaps(std::string_view block, size_t end) {
  while (end > 0) {
    size_t before = end;
    if (!plugins::is_gap(plugins::previous_character(block, before))) break;
    end = before;
  }
  return end;
}

/// The word that ends at `end`, with stops inside it ("p.m").
inline std::string_view word_before(std::string_view block, size_t end) {
  size_t begin = end;
  while (begin > 0 && end - begin < 40) {
    size_t before = begin;
    const char32_t c = plugins::previous_character(block, before);
    if (!plugins::is_word(c) && c != '.' && c != '-' && c != 0x2116) break;
    begin = before;
  }
  return block.substr(begin, end - begin);
}

/// Words after whose stop a sentence goes on.
class abbreviation_set {
 public:
  void add(std::string_view folded) { words_.emplace(folded); }
  /// As a user writes them: in any case, with or without their stop.
  void add_as_written(const std::vector<std::string> &words) {
    for (const std::string &word : words) {
      std::string folded = plugins::folded(word);
      while (!folded.empty() && folded.back() == '.') folded.pop_back();
      if (!folded.empty()) words_.insert(std::move(folded));
    }
  }
  bool has(const std::string &folded) const { return words_.count(folded) != 0; }
  /// Whether one of them and its stop end at `end`, blanks aside.
  bool ends_at(std::string_view block, size_t end) const {
    if (words_.empty()) return false;
    size_t stop = begin_of_gaps(block, end);
    return plugins::previous_character(block, stop) == '.' && has(plugins::folded(word_before(block, stop)));
  }

 private:
  std::unordered_set<std::string> words_;
};

}  // namespace calque::segments

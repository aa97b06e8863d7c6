// SPDX-License-Identifier: Apache-2.0
// Aho–Corasick over words: finds every pattern in one pass, however many there are.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace calque::glossary {

/// A word, a character or a blank, by its number; 0 stands for all that no pattern has.
using symbol = uint32_t;

/// States are numbered breadth first, and the children of a state lie side by side, sorted by their symbols. So a state
/// is one row of five arrays, 20 bytes, and an edge costs nothing of its own.
class automaton {
 public:
  static constexpr uint32_t none = UINT32_MAX, start = 0;

  automaton() { build({}); }
  /// Patterns are not empty, hold no 0, and are all different; they are known by their index.
  explicit automaton(std::span<const std::vector<symbol>> patterns) { build(patterns); }

  /// The state after one more symbol. Amortized, a text costs two searches among children for each symbol.
  uint32_t step(uint32_t state, symbol s) const {
    if (s == 0) return start;
    for (; state != start; state = fall_back_[state])
      if (const uint32_t next = child(state, s); next != none) return next;
    return s < from_start_.size() ? from_start_[s] : start;
  }

  /// Calls f(pattern) for each pattern that ends here, the longest first, until it answers true.
  template <class F>
  void each_pattern(uint32_t state, F &&f) const {
    if (pattern_[state] == none) state = shorter_[state];
    for (; state != none; state = shorter_[state])
      if (f(pattern_[state])) return;
  }

  size_t memory() const {
    return 4 * (symbol_.capacity() + first_child_.capacity() + fall_back_.capacity() + pattern_.capacity() +
                shorter_.capacity() + from_start_.capacity());
  }

 private:
  void build(std::span<const std::vector<symbol>> patterns);
  uint32_t child(uint32_t state, symbol s) const {
    const symbol *first = symbol_.data() + first_child_[state], *last = symbol_.data() + first_child_[state + 1];
    const symbol *found = std::lower_bound(first, last, s);
    return found != last && *found == s ? static_cast<uint32_t>(found - symbol_.data()) : none;
  }

  std::vector<symbol> symbol_;         // of the edge that leads here
  std::vector<uint32_t> first_child_;  // one more than there are states
  std::vector<uint32_t> fall_back_;    // the state of the longest end of this one's path that begins a pattern
  std::vector<uint32_t> pattern_;      // the pattern that this state completes, or none
  std::vector<uint32_t> shorter_;      // the next state by fall_back_ that completes one, or none
  std::vector<uint32_t> from_start_;   // by symbol: most steps begin at the start, so they are looked up
};

}  // namespace calque::glossary

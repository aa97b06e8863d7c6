// SPDX-License-Identifier: Apache-2.0
// Builds the automaton level by level from the sorted patterns.
#include "plugins/glossary/automaton.hpp"

#include <numeric>

namespace calque::glossary {

void automaton::build(std::span<const std::vector<symbol>> patterns) {
  std::vector<uint32_t> order(patterns.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return patterns[a] < patterns[b]; });

  // Patterns with the same first symbols are neighbours in `order`: a state is a stretch of it and a depth.
  struct stretch {
    uint32_t begin, end, depth;
  };
  std::vector<stretch> states{{0, static_cast<uint32_t>(order.size()), 0}};
  symbol_ = {0};
  fall_back_ = {start};
  for (uint32_t state = start; state < states.size(); ++state) {
    auto [at, end, depth] = states[state];
    first_child_.push_back(static_cast<uint32_t>(states.size()));
    // Only the first of the stretch can end here: the others differ from it, and are longer.
    const bool completes = at < end && patterns[order[at]].size() == depth;
    pattern_.push_back(completes ? order[at++] : none);
    const uint32_t back = fall_back_[state];
    shorter_.push_back(state == start ? none : pattern_[back] != none ? back : shorter_[back]);
    while (at < end) {
      const symbol s = patterns[order[at]][depth];
      uint32_t next = at + 1;
      while (next < end && patterns[order[next]][depth] == s) ++next;
      if (state == start) {
        if (from_start_.size() <= s) from_start_.resize(s + 1, start);
        from_start_[s] = static_cast<uint32_t>(states.size());
      }
      // All that is shallower has its children already, so `step` leads to where this one falls back.
      fall_back_.push_back(state == start ? start : step(back, s));
      states.push_back({at, next, depth + 1});
      symbol_.push_back(s);
      at = next;
    }
  }
  first_child_.push_back(static_cast<uint32_t>(states.size()));
  for (auto *column : {&symbol_, &first_child_, &fall_back_, &pattern_, &shorter_, &from_start_})
    column->shrink_to_fit();
}

}  // namespace calque::glossary

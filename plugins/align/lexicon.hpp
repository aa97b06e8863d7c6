// SPDX-License-Identifier: Apache-2.0
// Which token of one text is expected where which of the other stands: anchors by themselves, words by what links say.
#pragma once

#include "plugins/align/evidence.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace calque::align {

/// Segments of both texts that an earlier pass tied; `weight` is how sure it was.
struct tied {
  uint32_t source = 0, target = 0;  // the first of each side
  uint32_t source_count = 0, target_count = 0;
  double weight = 0;
};

/// How many segments of the other text a token is looked for in: the more, the likelier it is there by chance.
constexpr size_t widest_span = 3;
using by_span = std::array<float, widest_span>;

/// What it says of one segment of the other text that it has a token.
struct expectation {
  uint32_t token = 0;  // of the other text
  float met = 0;       // a logarithm of odds, over `missed`
};

/// Everything that the tokens of one text expect of the other.
struct expectations {
  std::vector<uint32_t> begin;  // of a token: its first entry; one more at the end
  std::vector<expectation> entries;
  std::vector<by_span> missed;  // of a token: what is added where nothing of it is met
  std::vector<by_span> best;    // of a token: the most that can be met
};

struct lexicon {
  expectations of_source, of_target;
};

/// From anchors alone when `links` is empty.
lexicon learn(const evidence &, const std::vector<tied> &links);

}  // namespace calque::align

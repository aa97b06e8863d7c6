// SPDX-License-Identifier: Apache-2.0
// Ties the segments of a translation to those of its original, in order.
#pragma once

#include "plugins/align/lattice.hpp"

#include <functional>
#include <vector>

namespace calque::align {

/// More than so many segments of one version are refused.
constexpr size_t most_segments = 50'000;

/// Beads that cover both texts without a gap, each with its score. `step` is called now and then.
std::vector<bead> find_links(
    const std::vector<passage> &source, const std::vector<passage> &target, const std::function<void()> &step = [] {});

}  // namespace calque::align

// SPDX-License-Identifier: Apache-2.0
// Puts the asides of a tree that was written anew behind the blocks that hold their anchors.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "host/document/document.hpp"

namespace calque::host {

/// A leaf's text in the tree as it was written, and where it begins now.
struct placed_leaf {
  uint32_t begin, end, now;
};

struct placed_asides {
  bool changed = false;  // else the sections are as they were, and `leaves` is empty
  std::vector<placed_leaf> leaves;
  /// Set when asides belong to one another's text, or lie too deep: nothing was changed then.
  std::string problem;
};

/// Each aside with an `anchor` goes right behind the innermost block that holds that node (asides of one block in the
/// order in which they were written; what hangs on the root itself goes to its end). `anchor` and `aside` say what is
/// so afterwards: an aside whose anchor is gone loses the attribute, and a node names the first aside that is its own.
/// `anchor_in_copy` overrules the anchor of nodes that were copied once more: an id, or CALQUE_NONE.
placed_asides place_asides(document_sections &sections, uint64_t max_depth,
                           const std::unordered_map<uint32_t, uint32_t> &anchor_in_copy);

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Copying part of a block in a rebuild: leaves are cut, inline containers are continued on both sides of the cut.
#pragma once

#include <calque/calque.hpp>

#include <algorithm>
#include <unordered_set>

namespace calque::plugins {

class part_copier {
 public:
  explicit part_copier(rebuild &out) : out_(&out) {}

  /// Copies what of `block`'s inlines lies in `bytes`. A leaf without text (an anchor, an image) goes with the part
  /// whose `places` hold it; the last part of a block has an end beyond the block's.
  void copy(node block, text_range bytes, text_range places) {
    for (const node child : block.children()) copy_inline(child, bytes, places);
  }
  /// All of the block's inlines.
  void copy(node block) {
    for (const node child : block.children()) out_->copy_tree(child);
  }
  /// Leaves out bytes of `block`, with a code. Leaves without text stay where copy puts them.
  void drop(node block, text_range bytes, std::string_view code) {
    for (const node leaf : block.leaves()) {
      const text_range cut = common(leaf.range(), bytes);
      if (cut.begin < cut.end) out_->drop(leaf, cut, code);
    }
  }
  /// The last leaf of the block; nothing when it has none.
  static std::optional<node> last_leaf(node block) {
    std::optional<node> last;
    for (const node leaf : block.leaves()) last = leaf;
    return last;
  }

 private:
  static text_range common(text_range a, text_range b) { return {std::max(a.begin, b.begin), std::min(a.end, b.end)}; }

  static bool touches(node n, text_range bytes, text_range places) {
    for (const node leaf : n.leaves()) {
      const text_range r = leaf.range();
      if (r.is_empty() ? r.begin >= places.begin && r.begin < places.end
                       : std::max(r.begin, bytes.begin) < std::min(r.end, bytes.end))
        return true;
    }
    return false;
  }

  void copy_inline(node n, text_range bytes, text_range places) {
    const text_range r = n.range();
    if (n.is_leaf()) {
      if (r.is_empty()) {
        if (r.begin >= places.begin && r.begin < places.end) out_->copy_tree(n);
        return;
      }
      const text_range cut = common(r, bytes);
      if (cut.begin < cut.end) out_->copy(n, cut);
      return;
    }
    if (!touches(n, bytes, places)) return;
    // The first piece is the node itself; later ones look like it.
    const bool first = begun_.insert(n.index()).second;
    const rebuilt_scope piece = first ? out_->begin(n.kind(), n) : out_->begin(n.kind());
    if (!first) n.each_attr([&](std::string_view key, std::string_view value) { out_->attr(key, value); });
    for (const node child : n.children()) copy_inline(child, bytes, places);
  }

  rebuild *out_;
  std::unordered_set<uint32_t> begun_;
};

}  // namespace calque::plugins

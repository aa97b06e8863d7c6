// SPDX-License-Identifier: Apache-2.0
// Moves each aside right behind the block that holds its anchor, with text, origins and marks.
#include <algorithm>
#include <map>

#include "host/document/builder.hpp"

namespace calque::host {
namespace {

/// A leaf's text before and after: leaves tile the text in both orders.
struct moved_leaf {
  uint32_t before_begin, before_end, after_begin;
};

class aside_placer {
 public:
  struct aside {
    uint32_t first_node, end_node;
  };

  explicit aside_placer(const calque_document &written) : d_(written) {}

  std::map<uint32_t, aside> by_first_node;
  std::multimap<uint32_t, uint32_t> by_anchor;  // anchor id → first node

  void write_all() { write(1, d_.nodes.count); }
  tree_writer &tree() { return tree_; }
  origin_columns take_origins() { return std::move(origins_); }
  std::vector<moved_leaf> take_leaves() {
    std::sort(leaves_.begin(), leaves_.end(),
              [](const moved_leaf &a, const moved_leaf &b) { return a.before_begin < b.before_begin; });
    return std::move(leaves_);
  }
  /// Names keep their numbers, because named kinds are numbers.
  void keep_names() {
    for (uint32_t n = 0; n < d_.name_count; ++n) (void)tree_.named_kind(name_at(d_.name_end, d_.strings, n));
  }

 private:
  struct open_node {
    uint32_t end;
    bool is_block;
    std::vector<uint32_t> waiting;  // asides whose anchors stand in this block
  };

  // Writes nodes [first, end) but the asides among them, which follow their anchors' blocks. Asides within asides are
  // as deep as the builder let them be.
  void write(uint32_t first, uint32_t end) {
    std::vector<open_node> open{{end, true, {}}};
    for (uint32_t i = first; i < end;) {
      while (open.size() > 1 && open.back().end <= i) close(open);
      const auto aside = by_first_node.find(i);
      if (aside != by_first_node.end() && i != first) {
        i = aside->second.end_node;
        continue;
      }
      if (aside != by_first_node.end() && open.size() == 1 && i == first && !writing_aside_) {
        i = aside->second.end_node;
        continue;
      }
      writing_aside_ = false;
      write_node(i);
      if (kind_class(d_.nodes.kind[i]) == CALQUE_CLASS_LEAF) {
        wait_for_asides(d_.nodes.id[i], open);
      } else {
        const bool is_block = d_.nodes.kind[i] < CALQUE_EMPHASIS || d_.nodes.kind[i] >= CALQUE_KIND_NAMED;
        open.push_back({d_.nodes.end[i], is_block, {}});
        wait_for_asides(d_.nodes.id[i], open);
      }
      ++i;
    }
    while (open.size() > 1) close(open);
    write_waiting(open.back().waiting);
  }

  void wait_for_asides(uint32_t id, std::vector<open_node> &open) {
    const auto [from, to] = by_anchor.equal_range(id);
    if (from == to) return;
    auto block = open.end() - 1;
    while (!block->is_block) --block;
    for (auto one = from; one != to; ++one) block->waiting.push_back(one->second);
  }

  void close(std::vector<open_node> &open) {
    tree_.close();
    const std::vector<uint32_t> waiting = std::move(open.back().waiting);
    open.pop_back();
    write_waiting(waiting);
  }

  void write_waiting(const std::vector<uint32_t> &waiting) {
    for (uint32_t first : waiting) {
      writing_aside_ = true;
      write(first, by_first_node.at(first).end_node);
    }
  }

  void write_node(uint32_t i) {
    const uint32_t begin = d_.nodes.text_begin[i], end = d_.nodes.text_end[i];
    if (kind_class(d_.nodes.kind[i]) == CALQUE_CLASS_LEAF) {
      const auto at = static_cast<uint32_t>(tree_.text().size());
      origins_.add_slice(d_.origins, begin, end, at);
      leaves_.push_back({begin, end, at});
      tree_.leaf(d_.nodes.kind[i], d_.nodes.id[i], to_view(d_.text).substr(begin, end - begin));
    } else {
      tree_.open(d_.nodes.kind[i], d_.nodes.id[i]);
    }
    const uint32_t *from = std::lower_bound(d_.attrs.node, d_.attrs.node + d_.attrs.count, i);
    for (auto k = static_cast<size_t>(from - d_.attrs.node); k < d_.attrs.count && d_.attrs.node[k] == i; ++k)
      tree_.attr(name_at(d_.name_end, d_.strings, d_.attrs.key[k]),
                 to_view(d_.strings).substr(d_.attrs.value_begin[k], d_.attrs.value_end[k] - d_.attrs.value_begin[k]));
    const auto anchored = by_anchor.find(d_.nodes.id[i]);
    if (anchored != by_anchor.end()) tree_.attr("aside", std::to_string(d_.nodes.id[anchored->second]));
  }

  const calque_document &d_;
  tree_writer tree_{0};
  origin_columns origins_;
  std::vector<moved_leaf> leaves_;
  bool writing_aside_ = false;
};

/// Where text that began (or ended) at `at` begins (or ends) now.
uint32_t moved(const std::vector<moved_leaf> &leaves, uint32_t at, bool as_end) {
  for (auto leaf =
           std::partition_point(leaves.begin(), leaves.end(),
                                [&](const moved_leaf &l) { return as_end ? l.before_end < at : l.before_end <= at; });
       leaf != leaves.end(); ++leaf)
    if (leaf->before_begin < leaf->before_end) return leaf->after_begin + (at - leaf->before_begin);
  return leaves.empty() ? 0 : leaves.back().after_begin + (leaves.back().before_end - leaves.back().before_begin);
}

}  // namespace

document_sections builder::put_asides_in_place(document_sections written) {
  written.sources = std::make_shared<const std::vector<source_data>>();
  const document before(written);
  aside_placer placer(before.view());
  placer.keep_names();
  for (const aside_range &range : asides_) {
    placer.by_first_node[range.first_node] = {range.first_node, range.end_node};
    placer.by_anchor.emplace(range.anchor_id, range.first_node);
  }
  placer.write_all();
  document_sections placed = written;
  placer.tree().finish(placed);
  placed.origins = std::make_shared<const origin_columns>(placer.take_origins());
  const std::vector<moved_leaf> leaves = placer.take_leaves();
  layers_.each_row([&](annotation_row &row) {
    if (row.node != CALQUE_NONE) return;
    if (row.begin == row.end) {
      row.begin = row.end = moved(leaves, row.begin, row.side == CALQUE_BEFORE && row.begin > 0);
    } else {
      row.begin = moved(leaves, row.begin, false);
      row.end = std::max(row.begin, moved(leaves, row.end, true));
    }
  });
  return placed;
}

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// In which language a block is: as the document says, or else as calque.language/1 does.
#pragma once

#include "plugins/common/text_blocks.hpp"

#include <calque/document.hpp>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace calque::segments {

/// Tags view the document. Blocks are to be asked about in document order.
class block_languages {
 public:
  explicit block_languages(document_view document) {
    std::vector<size_t> open;
    for (const node n : document.nodes()) {
      const auto lang = n.attr("lang");
      if (!lang || n.is_leaf()) continue;
      while (!open.empty() && said_[open.back()].end <= n.index()) open.pop_back();
      said_.push_back({n.index(), n.end_index(), open.empty() ? none : open.back(), *lang});
      open.push_back(said_.size() - 1);
    }
    for (const annotation &a : document.annotations("calque.language/1")) {
      const std::string_view tag = a.value("tag").value_or("");
      if (tag.empty() || tag.starts_with("und") || a.state() == CALQUE_STALE) continue;
      if (const auto id = a.node_id())
        of_node_.emplace(*id, tag);
      else
        spans_.emplace_back(a.range(), tag);
    }
    root_ = found_on(document.root());
  }

  /// Empty when nobody knows.
  std::string_view of(document_view document, const plugins::text_block &block) {
    const auto after =
        std::partition_point(said_.begin(), said_.end(), [&](const said &s) { return s.node <= block.node; });
    size_t k = after == said_.begin() ? none : static_cast<size_t>(after - said_.begin()) - 1;
    while (k != none && said_[k].end <= block.node) k = said_[k].parent;
    if (k != none) return said_[k].lang;
    if (const std::string_view found = found_on(document.at(block.node)); !found.empty()) return found;
    while (next_span_ < spans_.size() && spans_[next_span_].first.begin <= block.range.begin)
      open_spans_.push_back(next_span_++);
    std::erase_if(open_spans_, [&](size_t s) { return spans_[s].first.end < block.range.end; });
    return open_spans_.empty() ? root_ : spans_[open_spans_.back()].second;
  }

 private:
  static constexpr size_t none = SIZE_MAX;
  struct said {
    uint32_t node, end;
    size_t parent;  // the entry of the next node around it that says something
    std::string_view lang;
  };

  std::string_view found_on(node n) const {
    const auto found = of_node_.find(n.id());
    return found == of_node_.end() ? std::string_view() : found->second;
  }

  std::vector<said> said_;
  std::unordered_map<uint32_t, std::string_view> of_node_;
  std::vector<std::pair<text_range, std::string_view>> spans_;  // ascending
  std::vector<size_t> open_spans_;
  size_t next_span_ = 0;
  std::string_view root_;
};

}  // namespace calque::segments

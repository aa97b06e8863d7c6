// SPDX-License-Identifier: Apache-2.0
// The stretches of text that are read as one: what annotators look at, block by block.
#pragma once

#include <calque/document.hpp>

#include <vector>

namespace calque::plugins {

/// Where a block stands: in the main flow, in a field, or in another aside (a note, a comment, …).
enum class flow { main, field, aside };

/// A paragraph, a heading, a speaker's label…, or inlines that stand directly in a cell, an item or an aside. Its
/// text is in one piece, because leaves tile the text.
struct text_block {
  uint32_t node;  // index of the block; of the parent, where inlines stand directly in it
  text_range range;
  calque::kind kind;
  plugins::flow flow;
  uint32_t aside = CALQUE_NONE;  // index of the aside that holds it
};

/// All text blocks in document order, also those of asides; code and raw text are left out, for they are no language.
inline std::vector<text_block> text_blocks(document_view document) {
  struct open_node {
    uint32_t index, end, aside;
    plugins::flow flow;
  };
  const calque_nodes &nodes = document.raw().nodes;
  std::vector<text_block> found;
  std::vector<open_node> open;
  for (uint32_t i = 0; i < nodes.count;) {
    while (!open.empty() && i >= open.back().end) open.pop_back();
    const uint32_t aside = open.empty() ? CALQUE_NONE : open.back().aside;
    const auto where = open.empty() ? flow::main : open.back().flow;
    const node n = document.at(i);
    const bool is_inline = n.is_leaf() || (class_of(n.kind()) == kind_class::inlines && !n.is_text_block());
    if (n.is(kind::code_block) || n.is(kind::raw_block)) {
      i = n.end_index();
    } else if (n.is_text_block()) {
      if (!n.range().is_empty()) found.push_back({i, n.range(), n.kind(), where, aside});
      i = n.end_index();
    } else if (is_inline && !open.empty()) {
      // A run of inlines in a container of blocks is one block of text.
      const open_node parent = open.back();
      const uint32_t begin = n.range().begin;
      uint32_t end = begin;
      while (i < parent.end && (document.at(i).is_leaf() || (class_of(document.at(i).kind()) == kind_class::inlines &&
                                                             !document.at(i).is_text_block()))) {
        end = document.at(i).range().end;
        i = nodes.end[i];
      }
      if (begin != end) found.push_back({parent.index, {begin, end}, document.at(parent.index).kind(), where, aside});
    } else {
      open_node next{i, n.end_index(), aside, where};
      if (n.is(kind::aside)) {
        next.aside = i;
        next.flow = n.attr("role") == "field" ? flow::field : where == flow::field ? flow::field : flow::aside;
      }
      open.push_back(next);
      ++i;
    }
  }
  return found;
}

}  // namespace calque::plugins

// SPDX-License-Identifier: Apache-2.0
// The normalizer that turns lines which are typed as headings into headings, and leaves no level out.
#include "plugins/headings/headings.hpp"

#include "plugins/headings/typed_headings.hpp"

namespace calque::plugins {
namespace {

/// Containers whose blocks can be a text with headings.
bool holds_text(node n) {
  return n.is(kind::document) || n.is(kind::section) || n.is(kind::division) || n.is(kind::version) ||
         n.is(kind::attachment);
}

bool is_blank_text(std::string_view text) {
  return text.find_first_not_of(" \t\n\r") == std::string_view::npos;
}

/// Whether each leaf of text stands in a `strong`.
bool is_all_bold(node n, bool within = false) {
  bool has_text = false;
  for (const node child : n.children()) {
    if (child.is_leaf()) {
      if (!within && !is_blank_text(child.text())) return false;
      has_text = true;
    } else {
      if (!is_all_bold(child, within || child.is(kind::strong))) return false;
      has_text = true;
    }
  }
  return has_text;
}

uint32_t level_of(node heading) {
  const auto text = heading.attr("level").value_or("1");
  uint32_t level = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || level > 99) return 1;
    level = level * 10 + static_cast<uint32_t>(c - '0');
  }
  return level == 0 ? 1 : level;
}

struct block_list {
  std::vector<heading_block> blocks;
  std::vector<uint32_t> nodes;

  void add(node container, uint32_t &next_group) {
    uint32_t group = next_group++;
    for (const node child : container.children()) {
      if (child.is(kind::aside)) continue;
      if (holds_text(child)) {
        add(child, next_group);
        group = next_group++;
        continue;
      }
      heading_block block;
      block.text = child.text();
      block.group = group;
      if (child.is(kind::heading) || child.is(kind::paragraph)) {
        block.is = child.is(kind::heading) ? heading_block::shape::heading : heading_block::shape::paragraph;
        block.is_bold = is_all_bold(child);
        block.level = child.is(kind::heading) ? level_of(child) : 0;
        int breaks = 0;
        for (const node leaf : child.leaves()) {
          breaks += leaf.is(kind::line_break) ? 2 : leaf.is(kind::soft_break) ? 1 : 0;
          // Pictures, code and formulas are no words of a heading.
          if (leaf.is(kind::image) || leaf.is(kind::code) || leaf.is(kind::math) || leaf.is(kind::raw)) breaks += 2;
        }
        block.is_line = breaks < 2;
      }
      blocks.push_back(block);
      nodes.push_back(child.index());
    }
  }
};

void copy(node container, const std::vector<std::pair<uint32_t, uint32_t>> &levels, rebuild &tree) {
  for (const node child : container.children()) {
    const auto next = std::lower_bound(levels.begin(), levels.end(), std::pair(child.index(), 0u));
    if (next == levels.end() || next->first >= child.end_index()) {
      tree.copy_tree(child);
    } else if (next->first == child.index()) {
      const rebuilt_scope heading = tree.begin(kind::heading, child);
      tree.attr("level", std::to_string(next->second));
      for (const node part : child.children()) tree.copy_tree(part);
    } else {
      const rebuilt_scope same = tree.begin_like(child);
      copy(child, levels, tree);
    }
  }
}

}  // namespace

void headings::run(document_view document, rewrite &out, const call &c) const {
  block_list list;
  uint32_t groups = 0;
  list.add(document.root(), groups);
  const auto found = find_headings(list.blocks, {bold, capitals, numbers, levels == level_rule::repair});
  if (found.empty()) return;
  std::vector<std::pair<uint32_t, uint32_t>> new_levels;
  for (const found_heading &f : found) {
    const node n = document.at(list.nodes[f.block]);
    new_levels.emplace_back(n.index(), f.level);
    const std::string level = std::to_string(f.level);
    if (f.why.empty())
      c.report_at(level::info, n.range(), "headings.level",
                  "a heading of level " + std::to_string(level_of(n)) + " has level " + level + " now");
    else
      c.report_at(level::info, n.range(), "headings.found",
                  "a paragraph is a heading of level " + level + ", by its " + std::string(f.why));
  }
  copy(document.root(), new_levels, out.start_rebuild());
}

}  // namespace calque::plugins

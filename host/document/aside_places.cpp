// SPDX-License-Identifier: Apache-2.0
// One walk that leaves anchored asides out where they were written and takes them up behind their blocks.
#include "host/document/aside_places.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "host/document/tree_writer.hpp"

namespace calque::host {
namespace {

bool is_block(uint16_t kind) {
  return kind < CALQUE_EMPHASIS || kind >= CALQUE_KIND_NAMED;
}

class aside_placer {
 public:
  aside_placer(const document_sections &s, const std::unordered_map<uint32_t, uint32_t> &anchor_in_copy)
      : nodes_(*s.nodes), labels_(*s.labels), text_(*s.text), anchor_(nodes_.count(), CALQUE_NONE), tree_(nodes_.id[0]) {
    std::unordered_map<uint32_t, uint32_t> index_of;
    for (uint32_t i = 0; i < nodes_.count(); ++i) index_of.emplace(nodes_.id[i], i);
    const attr_columns &attrs = labels_.attrs;
    for (uint32_t k = 0; k < attrs.count(); ++k) {
      const uint32_t i = attrs.node[k];
      if (name(attrs.key[k]) != "anchor" || nodes_.kind[i] != CALQUE_ASIDE) continue;
      const auto overruled = anchor_in_copy.find(i);
      const std::string_view digits = value(k);
      uint32_t id = CALQUE_NONE;
      if (overruled != anchor_in_copy.end()) id = overruled->second;
      else std::from_chars(digits.data(), digits.data() + digits.size(), id);
      const auto found = index_of.find(id);
      if (found != index_of.end()) anchor_[i] = found->second;
    }
    find_blocks();
  }

  /// The problem, or nothing.
  std::string write(uint64_t max_depth) {
    // Names keep their numbers, because named kinds are numbers.
    for (uint32_t n = 0; n < labels_.name_end.size(); ++n) (void)tree_.named_kind(name(n));
    attributes(0);
    std::vector<frame> open{{0, 1, {}}};
    uint32_t written = 1;
    bool root_done = false;
    while (!open.empty()) {
      frame &top = open.back();
      uint32_t next = CALQUE_NONE;
      if (!top.behind.empty()) {
        next = top.behind.back();
        top.behind.pop_back();
      } else if (top.child < nodes_.end[top.node]) {
        next = top.child;
        top.child = nodes_.end[next];
        if (anchor_[next] != CALQUE_NONE) continue;
      } else if (top.node == 0 && !root_done) {
        root_done = true;
        top.behind = waiting(0);
        continue;
      } else {
        const uint32_t closed = top.node;
        open.pop_back();
        if (closed != 0) {
          tree_.close();
          const std::vector<uint32_t> more = waiting(closed);
          open.back().behind.insert(open.back().behind.end(), more.begin(), more.end());
        }
        continue;
      }
      if (++written; open.size() >= max_depth) return "asides lie deeper than " + std::to_string(max_depth);
      in_order_ = in_order_ && written - 1 == next && open.back().node == parent_[next];
      if (enter(next)) open.push_back({next, next + 1, {}});
    }
    return written == nodes_.count() ? "" : "asides belong to one another's text, so that none can come first";
  }

  bool changed() const { return !in_order_ || attributes_changed_; }
  tree_writer &tree() { return tree_; }
  std::vector<placed_leaf> take_leaves() {
    std::sort(leaves_.begin(), leaves_.end(),
              [](const placed_leaf &a, const placed_leaf &b) { return a.begin < b.begin; });
    return std::move(leaves_);
  }

 private:
  struct frame {
    uint32_t node, child;
    std::vector<uint32_t> behind;  // asides to take up next, the first one last
  };

  std::string_view name(uint32_t number) const {
    return name_at(labels_.name_end.data(), to_str(labels_.strings), number);
  }
  std::string_view value(uint32_t k) const {
    const attr_columns &attrs = labels_.attrs;
    return std::string_view(labels_.strings).substr(attrs.value_begin[k], attrs.value_end[k] - attrs.value_begin[k]);
  }

  void find_blocks() {
    std::vector<uint32_t> open;
    parent_.assign(nodes_.count(), 0);
    for (uint32_t i = 0; i < nodes_.count(); ++i) {
      while (!open.empty() && nodes_.end[open.back()] <= i) open.pop_back();
      parent_[i] = open.empty() ? 0 : open.back();
      open.push_back(i);
    }
    for (uint32_t i = 0; i < nodes_.count(); ++i) {
      if (anchor_[i] == CALQUE_NONE) continue;
      first_aside_.emplace(anchor_[i], nodes_.id[i]);
      uint32_t block = anchor_[i];
      while (block != 0 &&
             !(is_block(nodes_.kind[block]) && kind_class(nodes_.kind[parent_[block]]) == CALQUE_CLASS_BLOCKS))
        block = parent_[block];
      behind_[block].push_back(i);
    }
  }

  std::vector<uint32_t> waiting(uint32_t block) const {
    const auto found = behind_.find(block);
    if (found == behind_.end()) return {};
    return {found->second.rbegin(), found->second.rend()};
  }

  bool enter(uint32_t i) {
    const bool is_leaf = kind_class(nodes_.kind[i]) == CALQUE_CLASS_LEAF;
    if (is_leaf) {
      const uint32_t begin = nodes_.text_begin[i], end = nodes_.text_end[i];
      if (begin < end) leaves_.push_back({begin, end, static_cast<uint32_t>(tree_.text().size())});
      tree_.leaf(nodes_.kind[i], nodes_.id[i], std::string_view(text_).substr(begin, end - begin));
    } else {
      tree_.open(nodes_.kind[i], nodes_.id[i]);
    }
    attributes(i);
    return !is_leaf;
  }

  void attributes(uint32_t i) {
    const attr_columns &attrs = labels_.attrs;
    const auto from = std::lower_bound(attrs.node.begin(), attrs.node.end(), i) - attrs.node.begin();
    const auto found = first_aside_.find(i);
    const std::string aside = found == first_aside_.end() ? "" : std::to_string(found->second);
    bool named = aside.empty();
    for (auto k = static_cast<uint32_t>(from); k < attrs.count() && attrs.node[k] == i; ++k) {
      const std::string_view key = name(attrs.key[k]);
      std::string now(value(k));
      if (key == "aside") now = aside;
      if (key == "anchor" && nodes_.kind[i] == CALQUE_ASIDE)
        now = anchor_[i] == CALQUE_NONE ? "" : std::to_string(nodes_.id[anchor_[i]]);
      named = named || key == "aside";
      attributes_changed_ = attributes_changed_ || now != value(k);
      const bool is_link = key == "aside" || (key == "anchor" && nodes_.kind[i] == CALQUE_ASIDE);
      if (!is_link || !now.empty()) tree_.attr(key, now);
    }
    if (!named) {
      tree_.attr("aside", aside);
      attributes_changed_ = true;
    }
  }

  const node_columns &nodes_;
  const label_columns &labels_;
  const std::string &text_;
  std::vector<uint32_t> anchor_;  // of each aside, as an index
  std::vector<uint32_t> parent_;
  std::unordered_map<uint32_t, uint32_t> first_aside_;
  std::map<uint32_t, std::vector<uint32_t>> behind_;  // block → asides, as written
  tree_writer tree_;
  std::vector<placed_leaf> leaves_;
  bool in_order_ = true, attributes_changed_ = false;
};

bool has_name(const label_columns &labels, std::string_view wanted) {
  for (uint32_t n = 0; n < labels.name_end.size(); ++n)
    if (name_at(labels.name_end.data(), to_str(labels.strings), n) == wanted) return true;
  return false;
}

}  // namespace

placed_asides place_asides(document_sections &sections, uint64_t max_depth,
                           const std::unordered_map<uint32_t, uint32_t> &anchor_in_copy) {
  if (!has_name(*sections.labels, "anchor") && !has_name(*sections.labels, "aside")) return {};
  aside_placer placer(sections, anchor_in_copy);
  placed_asides made;
  made.problem = placer.write(max_depth);
  if (!made.problem.empty() || !placer.changed()) return made;
  made.changed = true;
  made.leaves = placer.take_leaves();
  placer.tree().finish(sections);
  return made;
}

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// What a rewrite must give, worked out byte by byte: slow, plain, and without a line of the rewriter's own code.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "host/document/rewriter_script.hpp"

namespace calque::host::reference {

/// A byte of the new text: of the old text (`in`), or of the new text number `fresh`.
struct out_byte {
  char c;
  int in = -1;
  bool coded = false;  // copied with a code
  int fresh = -1;
};

/// Why a new text was put in; empty: inserted.
struct fresh_text {
  int from, to;
};

struct out_node {
  uint16_t kind = 0;
  long id = 0;                  // below 0: a new one
  std::optional<long> anchor;   // of an aside
  std::map<std::string, std::string> attrs;
  std::vector<out_byte> bytes;  // of a leaf
  std::vector<out_node> children;
};

struct byte_origin {
  uint32_t source = 0;
  uint64_t begin = 0, end = 0;
  bool exact = false;
  bool operator==(const byte_origin &) const = default;
};

/// Where an annotation must be, and in what state.
struct place {
  int begin, end;
  int state;
};

class model {
 public:
  model(const calque_document &old, const rewrite_script &script) : old_(old) {
    if (script.rebuilds) rebuild(script);
    else edit(script);
    if (script.rebuilds) place_asides();
    flatten(root_);
    find_images();
  }

  /// Asides that belong to one another's text have no place.
  bool is_circular() const { return is_circular_; }
  const out_node &root() const { return root_; }
  const std::vector<out_byte> &text() const { return text_; }
  /// Where a node of the old document, by its id, is now.
  const std::map<long, std::pair<int, int>> &nodes_by_id() const { return nodes_by_id_; }

  place span(int begin, int end) const {
    const int size = static_cast<int>(text_.size());
    std::vector<bool> marked(text_.size(), false);
    for (int o = 0; o < size; ++o) {
      const out_byte &b = text_[index(o)];
      if (b.in >= 0) {
        marked[index(o)] = b.in >= begin && b.in < end && image_[index(b.in)] == o;
      } else {
        const fresh_text &f = fresh_[index(b.fresh)];
        marked[index(o)] = f.from < f.to ? f.from < end && f.to > begin : f.from > begin && f.from < end;
      }
    }
    std::vector<bool> bridged = marked;
    for (int o = 0; o < size; ++o) {
      if (marked[index(o)] || text_[index(o)].in >= 0) continue;
      int left = o, right = o;
      while (left >= 0 && !marked[index(left)] && text_[index(left)].in < 0) --left;
      while (right < size && !marked[index(right)] && text_[index(right)].in < 0) ++right;
      if (left >= 0 && right < size && marked[index(left)] && marked[index(right)]) bridged[index(o)] = true;
    }
    place best{0, 0, CALQUE_STALE};
    for (int o = 0; o < size; ++o) {
      if (!bridged[index(o)] || (o > 0 && bridged[index(o - 1)])) continue;
      int to = o;
      bool same = true, moved = false;
      for (; to < size && bridged[index(to)]; ++to) {
        same = same && text_[index(to)].in == begin + (to - o);
        moved = moved || text_[index(to)].coded;
      }
      same = same && to - o == end - begin;
      if (to - o > best.end - best.begin) best = {o, to, !same ? CALQUE_STALE : moved ? CALQUE_MOVED : CALQUE_INTACT};
    }
    if (best.begin == best.end) {
      best = point(begin, false);
      best.state = CALQUE_STALE;
    }
    return best;
  }

  place point(int at, bool before) const {
    const int size = static_cast<int>(image_.size());
    int next = at, last = at - 1;
    while (next < size && image_[index(next)] < 0) ++next;
    while (last >= 0 && image_[index(last)] < 0) --last;
    const bool inside = at > 0 && at < size && image_[index(at)] >= 0 && image_[index(at)] == image_[index(at - 1)];
    if (next == size && last < 0) return {0, 0, at == 0 ? CALQUE_INTACT : CALQUE_STALE};
    const bool use_last = last >= 0 && (before || next == size);
    const int byte = use_last ? last : next;
    int out = image_[index(byte)];
    if (use_last) {
      const int fresh = text_[index(out)].fresh;
      // The end of the byte, or of the whole new text that stands for it.
      do ++out;
      while (fresh >= 0 && out < static_cast<int>(text_.size()) && text_[index(out)].fresh == fresh);
    }
    const bool stale = inside ? text_[index(image_[index(at)])].fresh >= 0 : use_last ? last + 1 < at : next > at;
    const bool moved = text_[index(image_[index(byte)])].coded;
    return {out, out, stale ? CALQUE_STALE : moved ? CALQUE_MOVED : CALQUE_INTACT};
  }

  byte_origin origin(int o) const {
    const out_byte &b = text_[index(o)];
    if (b.in >= 0) return old_origin(b.in);
    const fresh_text &f = fresh_[index(b.fresh)];
    const int size = static_cast<int>(old_.text.size);
    if (size == 0) return {};
    if (f.from == f.to) {
      byte_origin here = old_origin(f.from == size ? size - 1 : f.from);
      const uint64_t at = f.from == size ? here.end : here.begin;
      return {here.source, at, at, false};
    }
    byte_origin all = old_origin(f.from);
    all.exact = false;
    for (int i = f.from; i < f.to; ++i) {
      const byte_origin one = old_origin(i);
      if (one.source != all.source) continue;
      if (one.begin < all.begin) all.begin = one.begin;
      if (one.end > all.end) all.end = one.end;
    }
    return all;
  }

 private:
  static size_t index(int i) { return static_cast<size_t>(i); }

  bool is_leaf(uint32_t node) const { return old_.nodes.kind[node] >= 128 && old_.nodes.kind[node] < 0x8000; }

  std::map<std::string, std::string> old_attrs(uint32_t node) const {
    std::map<std::string, std::string> all;
    const std::string_view strings(old_.strings.data, old_.strings.size);
    for (uint32_t k = 0; k < old_.attrs.count; ++k) {
      if (old_.attrs.node[k] != node) continue;
      const uint32_t key = old_.attrs.key[k], key_begin = key == 0 ? 0 : old_.name_end[key - 1];
      all[std::string(strings.substr(key_begin, old_.name_end[key] - key_begin))] =
          strings.substr(old_.attrs.value_begin[k], old_.attrs.value_end[k] - old_.attrs.value_begin[k]);
    }
    return all;
  }

  byte_origin old_origin(int i) const {
    uint32_t run = 0;
    while (run + 1 < old_.origins.count && old_.origins.text_begin[run + 1] <= static_cast<uint32_t>(i)) ++run;
    const uint64_t within = static_cast<uint64_t>(i) - old_.origins.text_begin[run];
    if (old_.origins.exact[run] == 0)
      return {old_.origins.source[run], old_.origins.begin[run], old_.origins.end[run], false};
    return {old_.origins.source[run], old_.origins.begin[run] + within, old_.origins.begin[run] + within + 1, true};
  }

  void copy_bytes(out_node &to, uint32_t from, uint32_t end, bool coded) const {
    for (uint32_t i = from; i < end; ++i) to.bytes.push_back({old_.text.data[i], static_cast<int>(i), coded, -1});
  }

  void put_fresh(out_node &to, const std::string &bytes, uint32_t from, uint32_t end) {
    fresh_.push_back({static_cast<int>(from), static_cast<int>(end)});
    for (char c : bytes) to.bytes.push_back({c, -1, false, static_cast<int>(fresh_.size() - 1)});
  }

  /// A node of the old document again, without what it holds.
  out_node continued(uint32_t node) {
    out_node made;
    made.kind = old_.nodes.kind[node];
    made.attrs = old_attrs(node);
    const long old_id = old_.nodes.id[node];
    made.id = taken_.insert(old_id).second ? old_id : --last_new_id_;
    // What a note belongs to: in a further copy, what was copied together with it, or nothing.
    if (made.kind == CALQUE_ASIDE && made.attrs.count("anchor") != 0)
      made.anchor = made.id >= 0 ? std::stol(made.attrs["anchor"]) : -1'000'000 - std::stol(made.attrs["anchor"]);
    return made;
  }

  out_node copied_tree(uint32_t node, bool coded) {
    std::map<long, long> id_in_copy;
    out_node made = whole_tree(node, coded, id_in_copy);
    link_within(made, id_in_copy);
    return made;
  }
  void link_within(out_node &node, const std::map<long, long> &id_in_copy) {
    if (node.anchor && *node.anchor <= -1'000'000) {
      const auto found = id_in_copy.find(-*node.anchor - 1'000'000);
      node.anchor = found == id_in_copy.end() ? std::nullopt : std::optional<long>(found->second);
    }
    for (out_node &child : node.children) link_within(child, id_in_copy);
  }

  out_node whole_tree(uint32_t node, bool coded, std::map<long, long> &id_in_copy) {
    out_node made = continued(node);
    id_in_copy[old_.nodes.id[node]] = made.id;
    if (is_leaf(node)) copy_bytes(made, old_.nodes.text_begin[node], old_.nodes.text_end[node], coded);
    for (uint32_t child = node + 1; child < old_.nodes.end[node]; child = old_.nodes.end[child])
      made.children.push_back(whole_tree(child, coded, id_in_copy));
    return made;
  }

  void edit(const rewrite_script &script) {
    root_ = copied_tree(0, false);
    for (size_t k = script.steps.size(); k-- > 0;) apply_edit(root_, 0, script.steps[k]);
  }

  // From the last edit to the first, so that bytes before it are still the old ones. Returns the old index after it.
  uint32_t apply_edit(out_node &node, uint32_t old_index, const rewrite_step &s) {
    if (old_index == s.node) {
      const size_t from = s.from - old_.nodes.text_begin[s.node], to = s.to - old_.nodes.text_begin[s.node];
      out_node fresh;
      put_fresh(fresh, s.bytes, s.from, s.to);
      std::vector<out_byte> bytes(node.bytes.begin(), node.bytes.begin() + static_cast<long>(from));
      bytes.insert(bytes.end(), fresh.bytes.begin(), fresh.bytes.end());
      bytes.insert(bytes.end(), node.bytes.begin() + static_cast<long>(to), node.bytes.end());
      node.bytes = bytes;
    }
    uint32_t next = old_index + 1;
    for (out_node &child : node.children) next = apply_edit(child, next, s);
    return next;
  }

  void rebuild(const rewrite_script &script) {
    root_ = continued(0);
    std::vector<size_t> path;  // from the root to the open node, as places among children
    std::vector<size_t> last;  // the node written last
    const auto at = [&](const std::vector<size_t> &where) -> out_node & {
      out_node *node = &root_;
      for (size_t k : where) node = &node->children[k];
      return *node;
    };
    const auto add = [&](out_node node) {
      at(path).children.push_back(std::move(node));
      last = path;
      last.push_back(at(path).children.size() - 1);
      // A tree that was copied: the node written last is its last one.
      while (!at(last).children.empty()) last.push_back(at(last).children.size() - 1);
    };
    for (const rewrite_step &s : script.steps) {
      switch (s.what) {
        case rewrite_step::begin: {
          out_node node;
          node.id = --last_new_id_;
          if (s.node != CALQUE_NONE) node = continued(s.node);
          node.kind = s.kind;
          add(std::move(node));
          path = last;
          break;
        }
        case rewrite_step::end:
          path.pop_back();
          break;
        case rewrite_step::copy: {
          out_node node = continued(s.node);
          copy_bytes(node, s.from, s.to, !s.code.empty());
          add(std::move(node));
          break;
        }
        case rewrite_step::copy_tree:
          add(copied_tree(s.node, !s.code.empty()));
          break;
        case rewrite_step::text: {
          out_node node;
          node.kind = s.kind;
          node.id = --last_new_id_;
          put_fresh(node, s.bytes, s.from, s.to);
          add(std::move(node));
          break;
        }
        case rewrite_step::set_attr:
          at(last).attrs[s.key] = s.bytes;
          break;
        case rewrite_step::remove_attr:
          at(last).attrs.erase(s.key);
          break;
        default:
          break;  // what is left out is simply not there
      }
    }
  }

  void flatten(out_node &node) {
    const int begin = static_cast<int>(text_.size());
    text_.insert(text_.end(), node.bytes.begin(), node.bytes.end());
    for (out_node &child : node.children) flatten(child);
    nodes_by_id_[node.id] = {begin, static_cast<int>(text_.size())};
  }

  /// The byte of the new text that stands for each old one: its first copy without a code, else its first copy, else
  /// the first byte of the new text that replaced it; -1 for none.
  void find_images() {
    image_.assign(old_.text.size, -1);
    for (int quality = 0; quality < 3; ++quality) {
      std::vector<int> found(old_.text.size, -1);
      for (size_t o = 0; o < text_.size(); ++o) {
        const out_byte &b = text_[o];
        if (quality < 2 && b.in >= 0 && b.coded == (quality == 1) && found[index(b.in)] < 0)
          found[index(b.in)] = static_cast<int>(o);
        if (quality == 2 && b.fresh >= 0)
          for (int i = fresh_[index(b.fresh)].from; i < fresh_[index(b.fresh)].to; ++i)
            if (found[index(i)] < 0) found[index(i)] = static_cast<int>(o);
      }
      for (size_t i = 0; i < image_.size(); ++i)
        if (image_[i] < 0) image_[i] = found[i];
    }
  }

  // ---- asides -------------------------------------------------------------------------------------------------

  static bool takes_blocks(const out_node &node) {
    static const std::set<uint16_t> inlines_only = {
        CALQUE_PARAGRAPH, CALQUE_HEADING,  CALQUE_SUBTITLE,  CALQUE_TERM,           CALQUE_CAPTION, CALQUE_LINE,
        CALQUE_CODE_BLOCK, CALQUE_RAW_BLOCK, CALQUE_RULE,    CALQUE_SPEAKER,        CALQUE_STAGE_DIRECTION};
    return inlines_only.count(node.kind) == 0 && (node.kind < CALQUE_EMPHASIS || node.kind >= CALQUE_KIND_NAMED);
  }

  /// Takes every aside that belongs to a node out of the tree, and puts it behind that node's block.
  void place_asides() {
    std::set<long> ids;
    collect_ids(root_, ids);
    std::list<out_node> loose;
    take_asides(root_, ids, loose);
    for (out_node &aside : loose) aside.attrs["anchor"] = std::to_string(*aside.anchor);
    // The first aside of a node is the one that the node names.
    for (const out_node &aside : loose) first_aside_.emplace(*aside.anchor, aside.id);
    // Each goes directly behind its block, from the last to the first; what belongs to the root goes to its end.
    constexpr long end_of_root = -2'000'000'000;
    root_.children.emplace_back();
    root_.children.back().id = end_of_root;
    for (auto aside = loose.end(); aside != loose.begin();) {
      --aside;
      std::vector<out_node *> path;
      if (!find(root_, *aside->anchor, path)) continue;  // it belongs to another one that has no place yet
      while (path.size() > 1 && !(takes_blocks(*path[path.size() - 2]) && is_block(*path.back()))) path.pop_back();
      std::vector<out_node> &siblings = path.size() == 1 ? root_.children : path[path.size() - 2]->children;
      const long block = path.size() == 1 ? end_of_root : path.back()->id;
      size_t at = 0;
      while (siblings[at].id != block) ++at;
      siblings.insert(siblings.begin() + static_cast<long>(at) + 1, *aside);
      loose.erase(aside);
      aside = loose.end();
    }
    size_t at = 0;
    while (root_.children[at].id != end_of_root) ++at;
    root_.children.erase(root_.children.begin() + static_cast<long>(at));
    is_circular_ = !loose.empty();
    name_asides(root_);
  }
  static bool is_block(const out_node &node) { return node.kind < CALQUE_EMPHASIS || node.kind >= CALQUE_KIND_NAMED; }
  static void collect_ids(const out_node &node, std::set<long> &ids) {
    ids.insert(node.id);
    for (const out_node &child : node.children) collect_ids(child, ids);
  }
  static void take_asides(out_node &node, const std::set<long> &ids, std::list<out_node> &loose) {
    std::vector<out_node> stay;
    for (out_node &child : node.children) {
      if (child.kind == CALQUE_ASIDE) {
        if (child.anchor && ids.count(*child.anchor) == 0) child.anchor.reset();
        if (!child.anchor) child.attrs.erase("anchor");
      }
      const bool goes = child.kind == CALQUE_ASIDE && child.anchor;
      const auto place = goes ? loose.insert(loose.end(), out_node()) : loose.end();
      take_asides(child, ids, loose);
      if (goes) *place = std::move(child);
      else stay.push_back(std::move(child));
    }
    node.children = std::move(stay);
  }
  static bool find(out_node &node, long id, std::vector<out_node *> &path) {
    path.push_back(&node);
    if (node.id == id) return true;
    for (out_node &child : node.children)
      if (find(child, id, path)) return true;
    path.pop_back();
    return false;
  }
  void name_asides(out_node &node) {
    node.attrs.erase("aside");
    const auto found = first_aside_.find(node.id);
    if (found != first_aside_.end()) node.attrs["aside"] = std::to_string(found->second);
    for (out_node &child : node.children) name_asides(child);
  }
  std::map<long, long> first_aside_;
  bool is_circular_ = false;

  const calque_document &old_;
  out_node root_;
  std::set<long> taken_;
  long last_new_id_ = 0;
  std::vector<fresh_text> fresh_;
  std::vector<out_byte> text_;
  std::vector<int> image_;
  std::map<long, std::pair<int, int>> nodes_by_id_;
};

}  // namespace calque::host::reference

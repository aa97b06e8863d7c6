// SPDX-License-Identifier: Apache-2.0
// Checks each call of a normalizer and notes what it becomes: a piece, a node, a claim on the old text.
#include "host/document/rewriter.hpp"

#include <algorithm>
#include <charconv>

namespace calque::host {
namespace {

rewriter &self(calque_rewriter *r) {
  return *static_cast<rewriter *>(r->host_data);
}

/// Leaves whose text is laid down by the model.
bool has_fixed_text(uint16_t kind) {
  return kind == CALQUE_LINE_BREAK || kind == CALQUE_SOFT_BREAK || kind == CALQUE_ANCHOR || kind == CALQUE_IMAGE;
}

}  // namespace

rewriter::rewriter(boundary &shared, const document &given)
    : shared_(shared),
      document_(given),
      given_(given.view()),
      next_node_id_(given.sections().next_node_id),
      size_after_edits_(given_.text.size),
      layers_(
          shared, [this] { return to_view(given_.text); },
          // Ids are given out in order and never again, so those of the output are known by their size.
          [this](uint32_t id) { return id < next_node_id_; }, given.sections().next_annotation_id) {
  abi_ = {sizeof(calque_rewriter),
          0,
          this,
          layers_.abi(),
          [](calque_rewriter *r, uint32_t leaf, uint32_t begin, uint32_t end, calque_str text, calque_str code) {
            return self(r).edit(leaf, begin, end, to_view(text), to_view(code));
          },
          [](calque_rewriter *r) { return self(r).rebuild(); },
          [](calque_rewriter *r, calque_str name, uint16_t *kind) { return self(r).kind(to_view(name), kind); },
          [](calque_rewriter *r, uint16_t kind, uint32_t like, uint32_t *id) { return self(r).begin(kind, like, id); },
          [](calque_rewriter *r) { return self(r).end(); },
          [](calque_rewriter *r, uint32_t leaf, uint32_t begin, uint32_t end, calque_str code) {
            return self(r).copy(leaf, begin, end, to_view(code));
          },
          [](calque_rewriter *r, uint32_t node, calque_str code) { return self(r).copy_tree(node, to_view(code)); },
          [](calque_rewriter *r, uint16_t kind, calque_str bytes, uint32_t leaf, uint32_t begin, uint32_t end,
             calque_str code,
             uint32_t *id) { return self(r).text(kind, to_view(bytes), leaf, begin, end, to_view(code), id); },
          [](calque_rewriter *r, calque_str key, calque_str value) { return self(r).attr(to_view(key), value); },
          [](calque_rewriter *r, uint32_t leaf, uint32_t begin, uint32_t end, calque_str code) {
            return self(r).drop(leaf, begin, end, to_view(code));
          },
          [](calque_rewriter *r, uint32_t node, calque_str code) { return self(r).drop_tree(node, to_view(code)); },
          [](calque_rewriter *r, uint32_t node, calque_str code) { return self(r).unwrap(node, to_view(code)); }};
}

// ---- what several calls check ------------------------------------------------------------------------------------

calque_status rewriter::check_node(const char *call, uint32_t node) {
  if (node >= given_.nodes.count) return shared_.misuse(call, "there is no node " + std::to_string(node));
  return CALQUE_OK;
}

calque_status rewriter::check_leaf(const char *call, uint32_t leaf, uint32_t begin, uint32_t end) {
  if (const calque_status status = check_node(call, leaf); status != CALQUE_OK) return status;
  if (kind_class(kind_of(leaf)) != CALQUE_CLASS_LEAF)
    return shared_.misuse(call, "node " + std::to_string(leaf) + " is no leaf");
  const std::string range = "[" + std::to_string(begin) + ", " + std::to_string(end) + ")";
  if (begin > end || begin < given_.nodes.text_begin[leaf] || end > given_.nodes.text_end[leaf])
    return shared_.misuse(call, range + " is not in leaf " + std::to_string(leaf));
  if (!is_boundary(to_view(given_.text), begin) || !is_boundary(to_view(given_.text), end))
    return shared_.misuse(call, range + " begins or ends inside a code point");
  return CALQUE_OK;
}

const calque_code *rewriter::declared(const char *call, std::string_view code) {
  const calque_code *entry = shared_.rules.find_code(code);
  if (entry == nullptr)
    shared_.misuse(call,
                   code.empty() ? "a change needs a code" : "the stage does not declare the code " + std::string(code));
  return entry;
}

calque_status rewriter::enter_rebuild(const char *call) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (mode_ != mode::rebuild) return shared_.misuse(call, "rebuild is to be called first");
  return CALQUE_OK;
}

calque_status rewriter::room_for(uint64_t bytes, uint64_t nodes) {
  if (tree_.text().size() + bytes > shared_.within.max_text)
    return shared_.limit("bytes of text", shared_.within.max_text, tree_.text().size() + bytes);
  if (tree_.node_count() + nodes > shared_.within.max_nodes)
    return shared_.limit("nodes", shared_.within.max_nodes, tree_.node_count() + nodes);
  return CALQUE_OK;
}

// ---- edit mode ----------------------------------------------------------------------------------------------------

calque_status rewriter::edit(uint32_t leaf, uint32_t begin, uint32_t end, std::string_view text,
                             std::string_view code) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  const char *call = "rewriter.edit";
  if (mode_ == mode::rebuild) return shared_.misuse(call, "a run edits or rebuilds, not both");
  if (const calque_status status = check_leaf(call, leaf, begin, end); status != CALQUE_OK) return status;
  if (has_fixed_text(kind_of(leaf))) return shared_.misuse(call, "the text of this kind of leaf is laid down");
  if (!edits_.empty() && (leaf < edits_.back().leaf || (leaf == edits_.back().leaf && begin < edits_.back().end)))
    return shared_.misuse(call, "edits come in ascending order and do not overlap");
  if (!is_utf8(text)) return shared_.misuse(call, "the text is not UTF-8");
  const calque_code *entry = declared(call, code);
  if (entry == nullptr) return shared_.status();
  size_after_edits_ += text.size();
  size_after_edits_ -= end - begin;
  if (size_after_edits_ > shared_.within.max_text)
    return shared_.limit("bytes of text", shared_.within.max_text, size_after_edits_);
  mode_ = mode::edit;
  edits_.push_back({leaf, begin, end, std::string(text), entry});
  return CALQUE_OK;
}

// ---- rebuild mode -------------------------------------------------------------------------------------------------

calque_status rewriter::rebuild() {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (mode_ != mode::none) return shared_.misuse("rewriter.rebuild", "call it once, before all else");
  mode_ = mode::rebuild;
  tree_ = tree_writer(given_.nodes.id[0]);
  // Names keep their numbers, because named kinds are numbers.
  for (uint32_t n = 0; n < given_.name_count; ++n) (void)tree_.named_kind(name_at(given_.name_end, given_.strings, n));
  put_attrs(0);
  fate_.assign(given_.nodes.count, untouched);
  fate_[0] = continued;
  return CALQUE_OK;
}

calque_status rewriter::kind(std::string_view name, uint16_t *kind) {
  if (const calque_status status = enter_rebuild("rewriter.kind"); status != CALQUE_OK) return status;
  *kind = core_kind(name);
  if (*kind != CALQUE_KIND_NAMED) return CALQUE_OK;
  if (!name.starts_with("x.") || name.find('/') == std::string_view::npos || !is_utf8(name))
    return shared_.misuse("rewriter.kind", "\"" + std::string(name) + "\" is neither a core kind nor x.owner/thing");
  const auto number = tree_.named_kind(name);
  if (!number) return shared_.limit("named kinds", UINT16_MAX - CALQUE_KIND_NAMED, UINT16_MAX);
  *kind = *number;
  return CALQUE_OK;
}

uint32_t rewriter::take_id(uint32_t node) {
  if (node == CALQUE_NONE || fate_[node] == continued) return next_node_id_++;
  fate_[node] = continued;
  return given_.nodes.id[node];
}

void rewriter::put_attrs(uint32_t node) {
  const calque_attrs &attrs = given_.attrs;
  const uint32_t *from = std::lower_bound(attrs.node, attrs.node + attrs.count, node);
  for (auto k = static_cast<size_t>(from - attrs.node); k < attrs.count && attrs.node[k] == node; ++k)
    tree_.attr(name_at(given_.name_end, given_.strings, attrs.key[k]),
               to_view(given_.strings).substr(attrs.value_begin[k], attrs.value_end[k] - attrs.value_begin[k]));
}

calque_status rewriter::begin(uint16_t kind, uint32_t like, uint32_t *id) {
  const char *call = "rewriter.begin";
  if (const calque_status status = enter_rebuild(call); status != CALQUE_OK) return status;
  if (!tree_.knows_kind(kind) || kind_class(kind) == CALQUE_CLASS_LEAF || kind == CALQUE_DOCUMENT)
    return shared_.misuse(call, std::to_string(kind) + " is no container that can be opened here");
  if (const char *why = tree_.why_not_open(kind)) return shared_.misuse(call, why);
  if (tree_.depth() >= shared_.within.max_depth)
    return shared_.limit("depth of the tree", shared_.within.max_depth, tree_.depth() + 1);
  if (const calque_status status = room_for(0, 1); status != CALQUE_OK) return status;
  if (like != CALQUE_NONE) {
    if (const calque_status status = check_node(call, like); status != CALQUE_OK) return status;
    if (kind_class(kind_of(like)) == CALQUE_CLASS_LEAF)
      return shared_.misuse(call, "a container cannot continue a leaf");
    if (fate_[like] != untouched)
      return shared_.misuse(call, "node " + std::to_string(like) + " was continued or left out already");
  }
  const uint32_t taken = take_id(like);
  tree_.open(kind, taken);
  if (like != CALQUE_NONE) put_attrs(like);
  ++open_;
  if (id != nullptr) *id = taken;
  return CALQUE_OK;
}

calque_status rewriter::end() {
  if (const calque_status status = enter_rebuild("rewriter.end"); status != CALQUE_OK) return status;
  if (open_ == 0) return shared_.misuse("rewriter.end", "nothing is open");
  --open_;
  tree_.close();
  return CALQUE_OK;
}

calque_status rewriter::in_order(const char *call, uint32_t begin, uint32_t end, const calque_code *code) {
  if (code != nullptr) {
    if (begin < end) further_.push_back({begin, end});
    return CALQUE_OK;
  }
  if (begin < end && begin < kept_upto_)
    return shared_.misuse(call, "text that is moved or repeated needs a code: " + std::to_string(begin) +
                                    " comes after what was copied up to " + std::to_string(kept_upto_));
  kept_upto_ = std::max(kept_upto_, end);
  if (begin < end) claims_.push_back({begin, end});
  return CALQUE_OK;
}

void rewriter::put_copy(uint32_t leaf, uint32_t begin, uint32_t end, const calque_code *code) {
  const auto at = static_cast<uint32_t>(tree_.text().size());
  tree_.leaf(kind_of(leaf), take_id(leaf), to_view(given_.text).substr(begin, end - begin));
  put_attrs(leaf);
  if (begin == end) return;
  pieces_.push_back({begin, end, at, at + (end - begin), true, code != nullptr});
  if (code != nullptr) changes_.push_back({code, pieces_.back()});
}

calque_status rewriter::copy(uint32_t leaf, uint32_t begin, uint32_t end, std::string_view code) {
  const char *call = "rewriter.copy";
  if (const calque_status status = enter_rebuild(call); status != CALQUE_OK) return status;
  if (const calque_status status = check_leaf(call, leaf, begin, end); status != CALQUE_OK) return status;
  const bool whole = begin == given_.nodes.text_begin[leaf] && end == given_.nodes.text_end[leaf];
  if (!whole && has_fixed_text(kind_of(leaf))) return shared_.misuse(call, "this kind of leaf is copied whole");
  const calque_code *entry = nullptr;
  if (!code.empty() && (entry = declared(call, code)) == nullptr) return shared_.status();
  if (const calque_status status = room_for(end - begin, 1); status != CALQUE_OK) return status;
  if (const calque_status status = in_order(call, begin, end, entry); status != CALQUE_OK) return status;
  put_copy(leaf, begin, end, entry);
  return CALQUE_OK;
}

calque_status rewriter::copy_tree(uint32_t node, std::string_view code) {
  const char *call = "rewriter.copy_tree";
  if (const calque_status status = enter_rebuild(call); status != CALQUE_OK) return status;
  if (const calque_status status = check_node(call, node); status != CALQUE_OK) return status;
  if (node == 0) return shared_.misuse(call, "the root is there already; copy what it holds");
  if (const char *why = tree_.why_not_open(kind_of(node))) return shared_.misuse(call, why);
  const calque_code *entry = nullptr;
  if (!code.empty() && (entry = declared(call, code)) == nullptr) return shared_.status();
  const uint32_t begin = given_.nodes.text_begin[node], end = given_.nodes.text_end[node];
  const uint32_t last = given_.nodes.end[node];
  if (const calque_status status = room_for(end - begin, last - node); status != CALQUE_OK) return status;
  if (const calque_status status = in_order(call, begin, end, entry); status != CALQUE_OK) return status;
  const uint32_t first_written = tree_.node_count();
  std::vector<uint32_t> ends;
  for (uint32_t i = node; i < last; ++i) {
    while (!ends.empty() && ends.back() <= i) ends.pop_back(), tree_.close();
    if (kind_class(kind_of(i)) == CALQUE_CLASS_LEAF) {
      put_copy(i, given_.nodes.text_begin[i], given_.nodes.text_end[i], entry);
    } else {
      if (tree_.depth() >= shared_.within.max_depth)
        return shared_.limit("depth of the tree", shared_.within.max_depth, tree_.depth() + 1);
      tree_.open(kind_of(i), take_id(i));
      put_attrs(i);
      ends.push_back(given_.nodes.end[i]);
    }
  }
  for (; !ends.empty(); ends.pop_back()) tree_.close();
  link_asides_of_copy(node, first_written);
  return CALQUE_OK;
}

/// A note that is copied once more belongs to the call that was copied with it, if one was.
void rewriter::link_asides_of_copy(uint32_t node, uint32_t first_written) {
  const auto id_now = [&](uint32_t i) { return tree_.nodes().id[first_written + (i - node)]; };
  std::unordered_map<uint32_t, uint32_t> copy_of;  // by id; filled for the first note that needs it
  for (uint32_t i = node; i < given_.nodes.end[node]; ++i) {
    if (kind_of(i) != CALQUE_ASIDE || id_now(i) == given_.nodes.id[i]) continue;
    if (copy_of.empty())
      for (uint32_t k = node; k < given_.nodes.end[node]; ++k) copy_of.emplace(given_.nodes.id[k], id_now(k));
    const calque_str anchor = find_attr(given_, i, "anchor");
    uint32_t id = CALQUE_NONE;
    std::from_chars(anchor.data, anchor.data + anchor.size, id);
    const auto found = copy_of.find(id);
    anchor_in_copy_[first_written + (i - node)] = found == copy_of.end() ? CALQUE_NONE : found->second;
  }
}

calque_status rewriter::text(uint16_t kind, std::string_view bytes, uint32_t leaf, uint32_t begin, uint32_t end,
                             std::string_view code, uint32_t *id) {
  const char *call = "rewriter.text";
  if (const calque_status status = enter_rebuild(call); status != CALQUE_OK) return status;
  if (const calque_status status = check_leaf(call, leaf, begin, end); status != CALQUE_OK) return status;
  if (kind_class(kind) != CALQUE_CLASS_LEAF) return shared_.misuse(call, std::to_string(kind) + " is no kind of leaf");
  if (has_fixed_text(kind) && bytes != (kind == CALQUE_LINE_BREAK ? "\n" : kind == CALQUE_SOFT_BREAK ? " " : ""))
    return shared_.misuse(call, "the text of this kind of leaf is laid down");
  if (!is_utf8(bytes)) return shared_.misuse(call, "the text is not UTF-8");
  const calque_code *entry = declared(call, code);
  if (entry == nullptr) return shared_.status();
  if (const calque_status status = room_for(bytes.size(), 1); status != CALQUE_OK) return status;
  if (begin < end) claims_.push_back({begin, end});
  const auto at = static_cast<uint32_t>(tree_.text().size());
  const uint32_t taken = next_node_id_++;
  tree_.leaf(kind, taken, bytes);
  if (begin < end && fate_[leaf] == untouched) fate_[leaf] = left_out;
  const piece made{begin, end, at, at + static_cast<uint32_t>(bytes.size()), false, false};
  if (!bytes.empty()) pieces_.push_back(made);
  changes_.push_back({entry, made});
  if (id != nullptr) *id = taken;
  return CALQUE_OK;
}

calque_status rewriter::attr(std::string_view key, calque_str value) {
  if (const calque_status status = enter_rebuild("rewriter.attr"); status != CALQUE_OK) return status;
  if (key.empty() || !is_utf8(key) || !is_utf8(to_view(value)))
    return shared_.misuse("rewriter.attr", "key and value are UTF-8");
  if (value.data == nullptr)
    tree_.set_attr(key, std::nullopt);
  else
    tree_.set_attr(key, to_view(value));
  return CALQUE_OK;
}

void rewriter::note_left_out(const calque_code *code, uint32_t begin, uint32_t end) {
  if (begin < end) claims_.push_back({begin, end});
  changes_.push_back({code, {begin, end, 0, 0, false, false}});
}

calque_status rewriter::drop(uint32_t leaf, uint32_t begin, uint32_t end, std::string_view code) {
  const char *call = "rewriter.drop";
  if (const calque_status status = enter_rebuild(call); status != CALQUE_OK) return status;
  if (const calque_status status = check_leaf(call, leaf, begin, end); status != CALQUE_OK) return status;
  const calque_code *entry = declared(call, code);
  if (entry == nullptr) return shared_.status();
  if (fate_[leaf] == untouched) fate_[leaf] = left_out;
  note_left_out(entry, begin, end);
  return CALQUE_OK;
}

calque_status rewriter::drop_tree(uint32_t node, std::string_view code) {
  const char *call = "rewriter.drop_tree";
  if (const calque_status status = enter_rebuild(call); status != CALQUE_OK) return status;
  if (const calque_status status = check_node(call, node); status != CALQUE_OK) return status;
  if (node == 0) return shared_.misuse(call, "the root cannot be dropped");
  const calque_code *entry = declared(call, code);
  if (entry == nullptr) return shared_.status();
  for (uint32_t i = node; i < given_.nodes.end[node]; ++i) {
    if (fate_[i] == continued) return shared_.misuse(call, "node " + std::to_string(i) + " was continued already");
    fate_[i] = left_out;
  }
  note_left_out(entry, given_.nodes.text_begin[node], given_.nodes.text_end[node]);
  return CALQUE_OK;
}

calque_status rewriter::unwrap(uint32_t node, std::string_view code) {
  const char *call = "rewriter.unwrap";
  if (const calque_status status = enter_rebuild(call); status != CALQUE_OK) return status;
  if (const calque_status status = check_node(call, node); status != CALQUE_OK) return status;
  if (node == 0 || kind_class(kind_of(node)) == CALQUE_CLASS_LEAF)
    return shared_.misuse(call, "a container is unwrapped, and not the root");
  if (fate_[node] != untouched) return shared_.misuse(call, "the node was continued or left out already");
  const calque_code *entry = declared(call, code);
  if (entry == nullptr) return shared_.status();
  fate_[node] = left_out;
  account_.add(shared_.rules.name, *entry, 1, 0, 0);
  return CALQUE_OK;
}

}  // namespace calque::host

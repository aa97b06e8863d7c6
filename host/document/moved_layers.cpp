// SPDX-License-Identifier: Apache-2.0
// Two passes: where each annotation is now and whether it stays, then the layers with the values that still hold.
#include "host/document/moved_layers.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_set>

namespace calque::host {
namespace {

class layer_mover {
 public:
  layer_mover(const calque_document &old, const document_sections &next, const span_map &map, uint32_t first_new_id)
      : old_text_(to_view(old.text)),
        nodes_(*next.nodes),
        new_text_(*next.text),
        map_(map),
        first_new_id_(first_new_id) {}

  /// False when the layer forbids what happened to it; `problem` says which text.
  bool place(const std::shared_ptr<const layer_data> &layer, std::string &problem) {
    const annotation_columns &old = layer->columns();
    placed made{layer, old, std::vector<uint32_t>(old.count(), CALQUE_NONE), 0, false};
    annotation_columns &c = made.columns;
    for (uint32_t k = 0; k < old.count(); ++k) {
      uint32_t node = old.node[k];
      span_map::target to = target(old, k, node);
      to.state = std::max(to.state, old.state[k]);
      if (to.state == CALQUE_STALE && old.state[k] != CALQUE_STALE && layer->on_change() == CALQUE_FORBID) {
        problem = old_text_.substr(old.begin[k], old.end[k] - old.begin[k]);
        return false;
      }
      if (to.state == CALQUE_STALE && layer->on_change() == CALQUE_DROP) {
        dropped_.insert(old.id[k]);
        continue;
      }
      made.changed = made.changed || to.begin != old.begin[k] || to.end != old.end[k] || to.state != old.state[k] ||
                     node != old.node[k];
      const uint32_t at = made.kept++;
      made.kept_as[k] = at;
      c.id[at] = old.id[k];
      c.kind[at] = old.kind[k];
      c.side[at] = old.side[k];
      c.begin[at] = to.begin;
      c.end[at] = to.end;
      c.node[at] = node;
      c.state[at] = to.state;
    }
    placed_.push_back(std::move(made));
    return true;
  }

  std::vector<std::shared_ptr<const layer_data>> finish() {
    std::vector<std::shared_ptr<const layer_data>> made;
    for (placed &one : placed_) {
      const bool values_stay = keep_values(one);
      if (!one.changed && values_stay && one.kept == one.layer->columns().count()) {
        made.push_back(one.layer);
        continue;
      }
      made.push_back(std::make_shared<const layer_data>(
          one.layer->name(), one.layer->stage(), one.layer->on_change(), in_layer_order(std::move(one.columns)),
          one.layer->name_end(), one.layer->strings()));
    }
    return made;
  }

 private:
  struct placed {
    std::shared_ptr<const layer_data> layer;
    annotation_columns columns;
    std::vector<uint32_t> kept_as;  // the new index of each annotation, or CALQUE_NONE
    uint32_t kept;
    bool changed;
  };

  span_map::target target(const annotation_columns &old, uint32_t k, uint32_t &node) {
    if (node != CALQUE_NONE) {
      const uint32_t index = index_of(node);
      if (index != CALQUE_NONE) {
        const uint32_t begin = nodes_.text_begin[index], end = nodes_.text_end[index];
        // A node that this run made has no old text that could have changed.
        const bool same = node >= first_new_id_ || old_text_.substr(old.begin[k], old.end[k] - old.begin[k]) ==
                                                       new_text_.substr(begin, end - begin);
        return {begin, end, static_cast<uint8_t>(same ? CALQUE_INTACT : CALQUE_STALE)};
      }
      node = CALQUE_NONE;
      const span_map::target to = old.begin[k] == old.end[k] ? map_.point(old.begin[k], old.side[k] == CALQUE_BEFORE)
                                                             : map_.span(old.begin[k], old.end[k]);
      return {to.begin, to.end, CALQUE_STALE};
    }
    if (old.begin[k] == old.end[k]) return map_.point(old.begin[k], old.side[k] == CALQUE_BEFORE);
    return map_.span(old.begin[k], old.end[k]);
  }

  /// The index of the node with that id in the new tree, or CALQUE_NONE.
  uint32_t index_of(uint32_t id) {
    if (by_id_.empty()) {
      by_id_.reserve(nodes_.count());
      for (uint32_t i = 0; i < nodes_.count(); ++i) by_id_.emplace_back(nodes_.id[i], i);
      std::sort(by_id_.begin(), by_id_.end());
    }
    const auto found = std::lower_bound(by_id_.begin(), by_id_.end(), std::pair<uint32_t, uint32_t>{id, 0});
    return found != by_id_.end() && found->first == id ? found->second : CALQUE_NONE;
  }

  /// Cuts the columns to what was kept; true when no value was lost.
  bool keep_values(placed &one) {
    const annotation_columns &old = one.layer->columns();
    annotation_columns &c = one.columns;
#define CALQUE_CUT_COLUMN(type, name) c.name.resize(one.kept);
    CALQUE_ANNOTATION_COLUMNS(CALQUE_CUT_COLUMN)
#undef CALQUE_CUT_COLUMN
#define CALQUE_CLEAR_COLUMN(type, name) c.name.clear();
    CALQUE_VALUE_COLUMNS(CALQUE_CLEAR_COLUMN)
#undef CALQUE_CLEAR_COLUMN
    for (size_t v = 0; v < old.value_of.size(); ++v) {
      const uint32_t of = one.kept_as[old.value_of[v]];
      if (of == CALQUE_NONE) continue;
      if (old.value_type[v] == CALQUE_VALUE_REF || old.value_type[v] == CALQUE_VALUE_NODE) {
        const char *digits = one.layer->strings().data();
        uint32_t id = CALQUE_NONE;
        std::from_chars(digits + old.value_begin[v], digits + old.value_end[v], id);
        if (old.value_type[v] == CALQUE_VALUE_REF ? dropped_.count(id) != 0 : index_of(id) == CALQUE_NONE) continue;
      }
      c.value_of.push_back(of);
      c.value_key.push_back(old.value_key[v]);
      c.value_begin.push_back(old.value_begin[v]);
      c.value_end.push_back(old.value_end[v]);
      c.value_type.push_back(old.value_type[v]);
    }
    return c.value_of.size() == old.value_of.size();
  }

  std::string_view old_text_;
  const node_columns &nodes_;
  std::string_view new_text_;
  const span_map &map_;
  uint32_t first_new_id_;
  std::vector<std::pair<uint32_t, uint32_t>> by_id_;  // id, index; filled when it is first asked
  std::unordered_set<uint32_t> dropped_;
  std::vector<placed> placed_;
};

}  // namespace

moved_layers move_layers(const std::vector<std::shared_ptr<const layer_data>> &layers, const calque_document &old,
                         const document_sections &next, const span_map &map, uint32_t first_new_id) {
  layer_mover mover(old, next, map, first_new_id);
  for (const auto &layer : layers) {
    std::string text;
    if (!mover.place(layer, text)) return {{}, layer->name() + ": " + text};
  }
  return {mover.finish(), std::nullopt};
}

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Makes the next version of a document from what a normalizer said: text, tree, origins, layers and the account.
#include <algorithm>

#include "host/document/rewriter.hpp"

namespace calque::host {
namespace {

/// Structure that must not go without a code, apart from its text.
bool is_countable(uint16_t kind) {
  switch (kind) {
    case CALQUE_TABLE:
    case CALQUE_CELL:
    case CALQUE_HEADING:
    case CALQUE_LIST_ITEM:
    case CALQUE_ASIDE:
    case CALQUE_LINK:
    case CALQUE_IMAGE:
    case CALQUE_ANCHOR:
      return true;
    default:
      return false;
  }
}

/// The beginning of some text, for a message; whole code points.
std::string excerpt(std::string_view text) {
  size_t size = std::min<size_t>(text.size(), 48);
  while (size < text.size() && !is_boundary(text, size)) --size;
  return "\"" + std::string(text.substr(0, size)) + (size < text.size() ? "…\"" : "\"");
}

}  // namespace

result<rewrite_result> rewriter::finish() {
  if (!shared_.failed() && open_ > 0) shared_.misuse("rewriter.end", "something is still open at the end");
  std::vector<std::shared_ptr<const layer_data>> marks;
  if (!shared_.failed()) {
    // Marks lie in the text given; those on nodes find their text when layers are moved.
    marks = layers_.finish(
        [&](uint32_t id) {
          return std::any_of(
              document_.sections().layers.begin(), document_.sections().layers.end(), [&](const auto &l) {
                return std::find(l->columns().id.begin(), l->columns().id.end(), id) != l->columns().id.end();
              });
        },
        [](uint32_t) { return text_span{}; });
  }
  if (!shared_.failed() && mode_ == mode::rebuild && check_text_kept()) check_structure_kept();
  if (shared_.failed()) return shared_.failure();

  document_sections next = document_.sections();
  next.next_annotation_id = layers_.next_id();
  if (mode_ == mode::edit) {
    apply_edits(next);
  } else if (mode_ == mode::rebuild) {
    tree_.finish(next);
    next.next_node_id = next_node_id_;
  }
  if (mode_ == mode::none) {
    pieces_ = {{0, static_cast<uint32_t>(given_.text.size), 0, static_cast<uint32_t>(given_.text.size), true, false}};
  } else {
    next.origins = std::make_shared<const origin_columns>(
        compose_origins(given_.origins, static_cast<uint32_t>(given_.text.size), pieces_));
  }
  if (mode_ != mode::none || !marks.empty()) move_layers(next, marks);
  if (shared_.failed()) return shared_.failure();
  fill_account(next);
  if (!changes_.empty()) {
    auto layer = change_layer(next, next.next_annotation_id);
    next.layers.push_back(std::move(layer));
  }
  return rewrite_result{document(std::move(next)), std::move(account_)};
}

void rewriter::apply_edits(document_sections &next) {
  const calque_nodes &nodes = given_.nodes;
  const std::string_view old = to_view(given_.text);
  std::string text;
  text.reserve(old.size());
  node_columns made = *document_.sections().nodes;
  const auto copy = [&](uint32_t begin, uint32_t end) {
    if (begin == end) return;
    const auto at = static_cast<uint32_t>(text.size());
    text += old.substr(begin, end - begin);
    if (!pieces_.empty() && pieces_.back().copied && pieces_.back().in_end == begin) {
      pieces_.back().in_end = end;
      pieces_.back().out_end = at + (end - begin);
    } else {
      pieces_.push_back({begin, end, at, at + (end - begin), true, false});
    }
  };
  auto next_edit = edits_.begin();
  for (uint32_t i = 0; i < nodes.count; ++i) {
    made.text_begin[i] = static_cast<uint32_t>(text.size());
    if (kind_class(nodes.kind[i]) != CALQUE_CLASS_LEAF) continue;
    uint32_t at = nodes.text_begin[i];
    for (; next_edit != edits_.end() && next_edit->leaf == i; ++next_edit) {
      copy(at, next_edit->begin);
      const auto out = static_cast<uint32_t>(text.size());
      text += next_edit->text;
      changes_.push_back({next_edit->code, pieces_.size()});
      pieces_.push_back({next_edit->begin, next_edit->end, out, static_cast<uint32_t>(text.size()), false, false});
      at = next_edit->end;
    }
    copy(at, nodes.text_end[i]);
  }
  // A node's text ends where that of the node after its last descendant begins.
  for (uint32_t i = 0; i < nodes.count; ++i)
    made.text_end[i] = nodes.end[i] < nodes.count ? made.text_begin[nodes.end[i]] : static_cast<uint32_t>(text.size());
  next.nodes = std::make_shared<const node_columns>(std::move(made));
  next.text = std::make_shared<const std::string>(std::move(text));
}

bool rewriter::check_text_kept() {
  const auto by_begin = [](const claim &a, const claim &b) { return a.begin < b.begin; };
  std::sort(claims_.begin(), claims_.end(), by_begin);
  std::sort(further_.begin(), further_.end(), by_begin);
  const std::string_view text = to_view(given_.text);
  size_t next_further = 0;
  uint32_t kept = 0;  // up to here all text is claimed or copied with a code
  const auto fill = [&](uint32_t upto) {
    while (next_further < further_.size() && further_[next_further].begin <= kept && kept < upto)
      kept = std::max(kept, further_[next_further++].end);
    if (kept >= upto) return true;
    const uint32_t end = next_further < further_.size() ? std::min(upto, further_[next_further].begin) : upto;
    diagnostic d = shared_.blame(
        "ledger.text-lost", "text was neither copied, replaced nor dropped: " + excerpt(text.substr(kept, end - kept)),
        "a normalizer names what it leaves out with a code");
    d.where.span = text_span{kept, end};
    shared_.fail(std::move(d));
    return false;
  };
  uint32_t claimed = 0;
  for (const claim &c : claims_) {
    if (c.begin < claimed) {
      shared_.misuse("rewriter", "the same text was kept, replaced or dropped twice: " +
                                     excerpt(text.substr(c.begin, std::min(claimed, c.end) - c.begin)));
      return false;
    }
    if (!fill(c.begin)) return false;
    claimed = c.end;
    kept = std::max(kept, c.end);
  }
  return fill(static_cast<uint32_t>(text.size()));
}

bool rewriter::check_structure_kept() {
  for (uint32_t i = 0; i < given_.nodes.count; ++i) {
    if (fate_[i] != untouched || !is_countable(given_.nodes.kind[i])) continue;
    diagnostic d = shared_.blame(
        "ledger.structure-lost",
        "a " + std::string(kind_name(given_, given_.nodes.kind[i])) + " was neither continued nor " +
            "left out with a code: " +
            excerpt(to_view(given_.text)
                        .substr(given_.nodes.text_begin[i], given_.nodes.text_end[i] - given_.nodes.text_begin[i])),
        "continue it (like), drop it or unwrap it");
    d.where.node = given_.nodes.id[i];
    shared_.fail(std::move(d));
    return false;
  }
  return true;
}

void rewriter::move_layers(document_sections &next, const std::vector<std::shared_ptr<const layer_data>> &marks) {
  const span_map map(pieces_);
  const node_columns &nodes = *next.nodes;
  std::unordered_map<uint32_t, uint32_t> index_of;
  index_of.reserve(nodes.count());
  for (uint32_t i = 0; i < nodes.count(); ++i) index_of.emplace(nodes.id[i], i);
  std::vector<std::shared_ptr<const layer_data>> moved;
  // Without a change of text or tree, the layers that were there stay the very same.
  for (const auto &layer : document_.sections().layers)
    moved.push_back(mode_ == mode::none ? layer : move_layer(*layer, map, next, index_of));
  for (const auto &layer : marks) moved.push_back(move_layer(*layer, map, next, index_of));
  next.layers = std::move(moved);
}

std::shared_ptr<const layer_data> rewriter::move_layer(const layer_data &layer, const span_map &map,
                                                       const document_sections &next,
                                                       const std::unordered_map<uint32_t, uint32_t> &index_of) {
  const node_columns &nodes = *next.nodes;
  const annotation_columns &old = layer.columns();
  const std::string_view old_text = to_view(given_.text);
  const std::string_view new_text = *next.text;
  annotation_columns c = old;
  std::vector<uint32_t> kept_as(old.count(), CALQUE_NONE);
  uint32_t kept = 0;
  for (uint32_t k = 0; k < old.count(); ++k) {
    const auto node = old.node[k] == CALQUE_NONE ? index_of.end() : index_of.find(old.node[k]);
    span_map::target to{};
    uint32_t on_node = CALQUE_NONE;
    if (node != index_of.end()) {
      on_node = old.node[k];
      to = {nodes.text_begin[node->second], nodes.text_end[node->second], CALQUE_INTACT};
      const std::string_view was = old_text.substr(old.begin[k], old.end[k] - old.begin[k]);
      // A mark that this run made has no old text of its own.
      if (old.begin[k] < old.end[k] && was != new_text.substr(to.begin, to.end - to.begin)) to.state = CALQUE_STALE;
    } else {
      to = old.begin[k] == old.end[k] ? map.point(old.begin[k], old.side[k] == CALQUE_BEFORE)
                                      : map.span(old.begin[k], old.end[k]);
      if (old.node[k] != CALQUE_NONE) to.state = CALQUE_STALE;
    }
    if (to.state == CALQUE_STALE && layer.on_change() == CALQUE_FORBID) {
      shared_.misuse("rewriter", "this text is protected by the layer " + layer.name() + ": " +
                                     excerpt(old_text.substr(old.begin[k], old.end[k] - old.begin[k])));
      return nullptr;
    }
    if (to.state == CALQUE_STALE && layer.on_change() == CALQUE_DROP) continue;
    c.id[kept] = old.id[k];
    c.kind[kept] = old.kind[k];
    c.side[kept] = old.side[k];
    c.begin[kept] = to.begin;
    c.end[kept] = to.end;
    c.node[kept] = on_node;
    c.state[kept] = std::max(old.state[k], to.state);
    kept_as[k] = kept++;
  }
  if (kept < old.count()) {
#define CALQUE_CUT_COLUMN(type, name) c.name.resize(kept);
    CALQUE_ANNOTATION_COLUMNS(CALQUE_CUT_COLUMN)
#undef CALQUE_CUT_COLUMN
#define CALQUE_CLEAR_COLUMN(type, name) c.name.clear();
    CALQUE_VALUE_COLUMNS(CALQUE_CLEAR_COLUMN)
#undef CALQUE_CLEAR_COLUMN
    for (size_t v = 0; v < old.value_of.size(); ++v) {
      if (kept_as[old.value_of[v]] == CALQUE_NONE) continue;
      c.value_of.push_back(kept_as[old.value_of[v]]);
      c.value_key.push_back(old.value_key[v]);
      c.value_begin.push_back(old.value_begin[v]);
      c.value_end.push_back(old.value_end[v]);
      c.value_type.push_back(old.value_type[v]);
    }
  }
  return std::make_shared<const layer_data>(layer.name(), layer.stage(), layer.on_change(),
                                            in_layer_order(std::move(c)), layer.name_end(), layer.strings());
}

std::shared_ptr<const layer_data> rewriter::change_layer(const document_sections &next, uint32_t &next_id) const {
  string_pool pool;
  const uint32_t kind = pool.name("change"), code = pool.name("code"), before = pool.name("before"),
                 after = pool.name("after"), stage = pool.name("stage");
  annotation_columns c;
  const auto value = [&](uint32_t key, std::string_view text) {
    const auto range = pool.value(text);
    c.value_of.push_back(c.count() - 1);
    c.value_key.push_back(key);
    c.value_begin.push_back(range[0] + pool.value_base());
    c.value_end.push_back(range[1] + pool.value_base());
    c.value_type.push_back(CALQUE_VALUE_TEXT);
  };
  for (const change &one : changes_) {
    const piece &p = pieces_[one.piece];
    c.id.push_back(next_id++);
    c.begin.push_back(p.out_begin);
    c.end.push_back(p.out_end);
    c.node.push_back(CALQUE_NONE);
    c.kind.push_back(kind);
    c.side.push_back(CALQUE_AFTER);
    c.state.push_back(CALQUE_INTACT);
    value(code, one.code->code);
    value(before, to_view(given_.text).substr(p.in_begin, p.in_end - p.in_begin));
    value(after, std::string_view(*next.text).substr(p.out_begin, p.out_end - p.out_begin));
    value(stage, shared_.rules.name);
  }
  return std::make_shared<const layer_data>("calque.change/1", shared_.rules.name, CALQUE_FOLLOW,
                                            in_layer_order(std::move(c)), pool.name_end(), pool.take_strings());
}

void rewriter::fill_account(const document_sections &next) {
  for (const change &one : changes_) {
    const piece &p = pieces_[one.piece];
    account_.add(shared_.rules.name, *one.code, 1,
                 count_letters(to_view(given_.text).substr(p.in_begin, p.in_end - p.in_begin)),
                 count_letters(std::string_view(*next.text).substr(p.out_begin, p.out_end - p.out_begin)));
  }
}

}  // namespace calque::host

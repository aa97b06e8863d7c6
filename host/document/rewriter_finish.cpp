// SPDX-License-Identifier: Apache-2.0
// Makes the next version of a document from what a normalizer said: text, tree, origins, layers and the account.
#include <algorithm>
#include <map>
#include <unordered_set>

#include "host/document/aside_places.hpp"
#include "host/document/moved_layers.hpp"
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
  if (!shared_.failed()) marks = finish_marks();
  if (!shared_.failed() && mode_ == mode::rebuild && check_text_kept()) check_structure_kept();
  if (shared_.failed()) return shared_.failure();

  document_sections next = document_.sections();
  next.next_annotation_id = layers_.next_id();
  if (mode_ == mode::none) {
    // Marks lie in a text that stays as it is.
    next.layers.insert(next.layers.end(), marks.begin(), marks.end());
    return rewrite_result{document(std::move(next)), std::move(account_)};
  }
  if (mode_ == mode::edit) apply_edits(next);
  else finish_tree(next);
  if (shared_.failed()) return shared_.failure();
  next.origins = std::make_shared<const origin_columns>(
      compose_origins(given_.origins, static_cast<uint32_t>(given_.text.size), pieces_));

  const span_map map(pieces_);
  next.layers.insert(next.layers.end(), marks.begin(), marks.end());
  moved_layers moved = move_layers(next.layers, given_, next, map, document_.sections().next_node_id);
  if (moved.forbidden) {
    shared_.misuse("rewriter", "this text is protected by the layer " + excerpt(*moved.forbidden));
    return shared_.failure();
  }
  next.layers = std::move(moved.layers);
  fill_account(next);
  if (!changes_.empty()) next.layers.push_back(change_layer(next, map, next.next_annotation_id));
  return rewrite_result{document(std::move(next)), std::move(account_)};
}

std::vector<std::shared_ptr<const layer_data>> rewriter::finish_marks() {
  std::unordered_set<uint32_t> known;  // filled when it is first asked
  std::vector<std::pair<uint32_t, text_span>> given_nodes;
  const auto exists = [&](uint32_t id) {
    if (known.empty())
      for (const auto &layer : document_.sections().layers)
        known.insert(layer->columns().id.begin(), layer->columns().id.end());
    return known.count(id) != 0;
  };
  // Where a node's text is in the document given; one that this run made has none there.
  const auto range_of = [&](uint32_t id) {
    const calque_nodes &n = given_.nodes;
    if (given_nodes.empty()) {
      for (uint32_t i = 0; i < n.count; ++i) given_nodes.push_back({n.id[i], {n.text_begin[i], n.text_end[i]}});
      std::sort(given_nodes.begin(), given_nodes.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    }
    const auto found = std::lower_bound(given_nodes.begin(), given_nodes.end(), id,
                                        [](const auto &one, uint32_t wanted) { return one.first < wanted; });
    return found != given_nodes.end() && found->first == id ? found->second : text_span{};
  };
  return layers_.finish(exists, range_of);
}

/// Puts asides in their places, and what was noted of the text with them.
void rewriter::finish_tree(document_sections &next) {
  tree_.finish(next);
  next.next_node_id = next_node_id_;
  const placed_asides placed = place_asides(next, shared_.within.max_depth, anchor_in_copy_);
  if (!placed.problem.empty()) {
    shared_.misuse("rewriter", placed.problem);
    return;
  }
  if (placed.changed) {
    const auto move = [&](piece &p) {
      const auto after = std::upper_bound(placed.leaves.begin(), placed.leaves.end(), p.out_begin,
                                          [](uint32_t at, const placed_leaf &leaf) { return at < leaf.begin; });
      if (p.out_begin == p.out_end || after == placed.leaves.begin()) return;
      const placed_leaf &leaf = *std::prev(after);
      p.out_end = leaf.now + (p.out_end - leaf.begin);
      p.out_begin = leaf.now + (p.out_begin - leaf.begin);
    };
    for (piece &p : pieces_) move(p);
    for (change &one : changes_) move(one.what);
    std::sort(pieces_.begin(), pieces_.end(), [](const piece &a, const piece &b) { return a.out_begin < b.out_begin; });
  }
  // Neighbours that were neighbours before are one piece.
  size_t kept = 0;
  for (const piece &p : pieces_) {
    piece *last = kept == 0 ? nullptr : &pieces_[kept - 1];
    if (last != nullptr && last->copied && p.copied && last->moved == p.moved && last->in_end == p.in_begin)
      last->in_end = p.in_end, last->out_end = p.out_end;
    else
      pieces_[kept++] = p;
  }
  pieces_.resize(kept);
}

void rewriter::apply_edits(document_sections &next) {
  const std::string_view old = to_view(given_.text);
  std::string text;
  text.reserve(size_after_edits_);
  uint32_t at = 0;  // old text before this is done
  const auto copy_upto = [&](uint32_t end) {
    if (at == end) return;
    const auto out = static_cast<uint32_t>(text.size());
    text += old.substr(at, end - at);
    pieces_.push_back({at, end, out, out + (end - at), true, false});
    at = end;
  };
  for (const pending_edit &one : edits_) {
    copy_upto(one.begin);
    const auto out = static_cast<uint32_t>(text.size());
    text += one.text;
    const piece made{one.begin, one.end, out, static_cast<uint32_t>(text.size()), false, false};
    changes_.push_back({one.code, made});
    if (!one.text.empty()) pieces_.push_back(made);
    at = one.end;
  }
  copy_upto(static_cast<uint32_t>(old.size()));

  node_columns made = *document_.sections().nodes;
  const calque_nodes &nodes = given_.nodes;
  uint32_t shift = 0;  // modulo 2^32: what nodes that begin here are moved by
  auto next_edit = edits_.begin();
  for (uint32_t i = 0; i < nodes.count; ++i) {
    made.text_begin[i] += shift;
    for (; next_edit != edits_.end() && next_edit->leaf == i; ++next_edit)
      shift += static_cast<uint32_t>(next_edit->text.size()) - (next_edit->end - next_edit->begin);
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

std::shared_ptr<const layer_data> rewriter::change_layer(const document_sections &next, const span_map &map,
                                                         uint32_t &next_id) const {
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
    piece p = one.what;
    // What was left out is a point where its text was.
    if (p.out_begin == p.out_end) p.out_begin = p.out_end = map.point(p.in_begin, false).begin;
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

/// Letters of the text that a code stands for, before and after. Text that is copied once more was not there before: so
/// the letters of the new text are those of the old, less the first sum, and more the second.
void rewriter::fill_account(const document_sections &next) {
  const std::string_view old = to_view(given_.text), now = *next.text;
  std::map<uint32_t, uint32_t> accounted;  // stretches of old text, begin → end; disjoint, with gaps between
  const bool copied_with_code = !further_.empty();
  if (copied_with_code)
    for (const claim &c : claims_) {
      if (!accounted.empty() && std::prev(accounted.end())->second == c.begin) std::prev(accounted.end())->second = c.end;
      else accounted.emplace_hint(accounted.end(), c.begin, c.end);
    }
  const auto letters_not_accounted = [&](uint32_t begin, uint32_t end) {
    uint64_t letters = 0;
    uint32_t at = begin;
    auto next_one = accounted.upper_bound(begin);
    if (next_one != accounted.begin()) at = std::max(at, std::prev(next_one)->second);
    while (at < end) {
      const uint32_t upto = next_one == accounted.end() ? end : std::min(end, next_one->first);
      if (at < upto) {
        letters += count_letters(old.substr(at, upto - at));
        accounted.emplace(at, upto);
      }
      if (next_one == accounted.end()) break;
      at = std::max(upto, next_one->second);
      ++next_one;
    }
    return letters;
  };
  for (const change &one : changes_) {
    const piece &p = one.what;
    const uint64_t before = p.copied ? letters_not_accounted(p.in_begin, p.in_end)
                                     : count_letters(old.substr(p.in_begin, p.in_end - p.in_begin));
    account_.add(shared_.rules.name, *one.code, 1, before,
                 count_letters(now.substr(p.out_begin, p.out_end - p.out_begin)));
  }
}

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Writes nodes in pre-order; a container's ends are filled in when it closes.
#include "host/document/tree_writer.hpp"

namespace calque::host {

void tree_writer::open(uint16_t kind, uint32_t id) {
  open_.push_back(nodes_.count());
  leaf(kind, id, {});
  last_is_leaf_ = false;
}

const char *tree_writer::why_not_open(uint16_t kind) const {
  if (kind_class(open_kind()) == CALQUE_CLASS_LEAF) return "a leaf holds nothing";
  return may_hold(open_kind(), kind) ? nullptr : "a block cannot stand within a block of inlines";
}

void tree_writer::close() {
  const uint32_t node = open_.back();
  open_.pop_back();
  nodes_.end[node] = nodes_.count();
  nodes_.text_end[node] = static_cast<uint32_t>(text_.size());
  last_is_leaf_ = false;
}

void tree_writer::leaf(uint16_t kind, uint32_t id, std::string_view bytes) {
  const auto begin = static_cast<uint32_t>(text_.size());
  text_ += bytes;
  nodes_.kind.push_back(kind);
  nodes_.flags.push_back(0);
  nodes_.id.push_back(id);
  nodes_.end.push_back(nodes_.count());
  nodes_.text_begin.push_back(begin);
  nodes_.text_end.push_back(static_cast<uint32_t>(text_.size()));
  last_is_leaf_ = true;
}

void tree_writer::append(std::string_view bytes) {
  text_ += bytes;
  nodes_.text_end.back() = static_cast<uint32_t>(text_.size());
}

bool tree_writer::attr(std::string_view key, std::string_view value) {
  const uint32_t node = nodes_.count() - 1, name = pool_.name(key);
  for (size_t k = attrs_.count(); k > 0 && attrs_.node[k - 1] == node; --k)
    if (attrs_.key[k - 1] == name) return false;
  const auto range = pool_.value(value);
  attrs_.node.push_back(node);
  attrs_.key.push_back(name);
  attrs_.value_begin.push_back(range[0]);
  attrs_.value_end.push_back(range[1]);
  return true;
}

void tree_writer::set_attr(std::string_view key, std::optional<std::string_view> value) {
  const uint32_t node = nodes_.count() - 1, name = pool_.name(key);
  for (size_t k = attrs_.count(); k > 0 && attrs_.node[k - 1] == node; --k) {
    if (attrs_.key[k - 1] != name) continue;
    const auto at = static_cast<std::ptrdiff_t>(k - 1);
    attrs_.node.erase(attrs_.node.begin() + at);
    attrs_.key.erase(attrs_.key.begin() + at);
    attrs_.value_begin.erase(attrs_.value_begin.begin() + at);
    attrs_.value_end.erase(attrs_.value_end.begin() + at);
    break;
  }
  if (value) attr(key, *value);
}

std::optional<uint16_t> tree_writer::named_kind(std::string_view name) {
  const uint32_t number = pool_.name(name);
  if (number >= UINT16_MAX - CALQUE_KIND_NAMED) return std::nullopt;
  return static_cast<uint16_t>(CALQUE_KIND_NAMED + number);
}

bool tree_writer::knows_kind(uint16_t kind) const {
  if (kind < CALQUE_KIND_NAMED) return kind_class(kind) != 0;
  const uint32_t number = kind - uint32_t{CALQUE_KIND_NAMED};
  return number < pool_.name_end().size() && is_kind_name(pool_.name_text(number));
}

void tree_writer::finish(document_sections &sections) {
  while (!open_.empty()) close();
  label_columns labels;
  labels.strings = pool_.take_strings();
  labels.name_end = pool_.name_end();
  for (uint32_t &at : attrs_.value_begin) at += pool_.value_base();
  for (uint32_t &at : attrs_.value_end) at += pool_.value_base();
  labels.attrs = std::move(attrs_);
  sections.text = std::make_shared<const std::string>(std::move(text_));
  sections.nodes = std::make_shared<const node_columns>(std::move(nodes_));
  sections.labels = std::make_shared<const label_columns>(std::move(labels));
}

}  // namespace calque::host

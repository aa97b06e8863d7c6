// SPDX-License-Identifier: Apache-2.0
// Columns in the making: a tree written in reading order, with its text and attributes. Builder and rewriter share it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/document/document.hpp"

namespace calque::host {

/// Nothing is checked here; the callers check what their own callers may do.
class tree_writer {
 public:
  /// Opens the root with that id.
  explicit tree_writer(uint32_t root_id) { open(CALQUE_DOCUMENT, root_id); }

  void open(uint16_t kind, uint32_t id);
  void close();
  void leaf(uint16_t kind, uint32_t id, std::string_view bytes);
  /// Continues the leaf that was written last.
  void append(std::string_view bytes);
  /// Sets an attribute of the node written last; false when it has that key already.
  bool attr(std::string_view key, std::string_view value);
  /// Sets or replaces an attribute of the node written last; no value removes it.
  void set_attr(std::string_view key, std::optional<std::string_view> value);
  /// The number of a named kind, or nothing when there are too many names.
  std::optional<uint16_t> named_kind(std::string_view name);

  /// True for a core kind, and for a named one whose number was given out. Attribute keys are names too, but no kinds.
  bool knows_kind(uint16_t kind) const;
  /// Why a node of that kind cannot stand where the next one goes; null when it can.
  const char *why_not_open(uint16_t kind) const;

  uint32_t node_count() const { return nodes_.count(); }
  /// Containers that are open, the root included.
  size_t depth() const { return open_.size(); }
  uint16_t open_kind() const { return nodes_.kind[open_.back()]; }
  uint32_t open_node() const { return open_.back(); }
  bool last_is_leaf() const { return last_is_leaf_; }
  const std::string &text() const { return text_; }
  const node_columns &nodes() const { return nodes_; }
  uint64_t string_bytes() const { return pool_.size(); }

  /// Closes what is open and fills these three sections in.
  void finish(document_sections &sections);

 private:
  std::string text_;
  node_columns nodes_;
  attr_columns attrs_;  // values still counted from the first value
  string_pool pool_;
  std::vector<uint32_t> open_;
  bool last_is_leaf_ = false;
};

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// A document: immutable columns that its versions share, and the C view of them that plugins read.
#pragma once

#include <calque/calque.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/document/columns.hpp"
#include "host/document/digests.hpp"

namespace calque::host {

struct source_data {
  uint32_t parent = CALQUE_NONE;
  std::string name, media_type, encoding;
  uint64_t size = 0;
  sha256_digest sha256{};
};

struct resource_data {
  std::string name, media_type, bytes;
};

/// Names (kinds, attribute keys), attributes and the strings of both.
struct label_columns {
  std::string strings;
  std::vector<uint32_t> name_end;
  attr_columns attrs;
};

/// A finished layer with its C view.
class layer_data {
 public:
  layer_data(std::string name, std::string stage, uint32_t on_change, annotation_columns columns,
             std::vector<uint32_t> name_end, std::string strings);
  layer_data(const layer_data &) = delete;
  layer_data &operator=(const layer_data &) = delete;

  const calque_layer &view() const { return view_; }
  const annotation_columns &columns() const { return columns_; }
  const std::string &name() const { return name_; }
  const std::string &stage() const { return stage_; }
  uint32_t on_change() const { return view_.on_change; }
  const std::vector<uint32_t> &name_end() const { return name_end_; }
  const std::string &strings() const { return strings_; }

 private:
  std::string name_, stage_, strings_;
  annotation_columns columns_;
  std::vector<uint32_t> name_end_;
  calque_layer view_;
};

/// The sections of a document. Each is shared, because a rewrite or a new layer leaves most of them as they are, and
/// versions of a document live and die in any order.
struct document_sections {
  std::shared_ptr<const std::string> text;
  std::shared_ptr<const node_columns> nodes;
  std::shared_ptr<const label_columns> labels;
  std::shared_ptr<const origin_columns> origins;
  std::shared_ptr<const std::vector<source_data>> sources;
  std::shared_ptr<const std::vector<resource_data>> resources;
  std::vector<std::shared_ptr<const layer_data>> layers;
  // Ids are never used twice, so the next ones outlive the nodes and annotations that had the last.
  uint32_t next_node_id = 0, next_annotation_id = 0;
};

/// Copies share everything. The view and all its pointers live as long as any copy.
class document {
 public:
  /// Nothing is checked here: see validate.hpp.
  explicit document(document_sections sections);

  const calque_document &view() const { return state_->view; }
  const document_sections &sections() const { return state_->sections; }
  /// The same columns with further layers; `next_annotation_id` is the first id that they did not use.
  document with_layers(const std::vector<std::shared_ptr<const layer_data>> &more, uint32_t next_annotation_id) const;

 private:
  struct state {
    document_sections sections;
    std::vector<calque_source> sources;
    std::vector<const calque_source *> source_pointers;
    std::vector<calque_resource> resources;
    std::vector<const calque_resource *> resource_pointers;
    std::vector<const calque_layer *> layer_pointers;
    calque_document view;
  };
  std::shared_ptr<const state> state_;
};

/// A string of the host as the C structs have it.
inline calque_str to_str(std::string_view text) {
  return {text.data(), text.size()};
}
inline std::string_view to_view(calque_str text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

/// The name of a core or named kind.
std::string_view kind_name(const calque_document &, uint16_t kind);
/// CALQUE_CLASS_* of the core kinds, by number; 0 where there is none.
inline constexpr auto core_kind_classes = [] {
  std::array<uint8_t, 256> classes{};
#define CALQUE_KIND_ENTRY(NAME, name, value, cls) classes[value] = CALQUE_CLASS_##cls;
  CALQUE_KINDS(CALQUE_KIND_ENTRY)
#undef CALQUE_KIND_ENTRY
  return classes;
}();
/// CALQUE_CLASS_* of a kind; 0 for a number that is no kind of this model.
constexpr int kind_class(uint16_t kind) {
  return kind < core_kind_classes.size() ? core_kind_classes[kind] : kind < CALQUE_KIND_NAMED ? 0 : CALQUE_CLASS_BLOCKS;
}
/// True when a node of kind `child` may stand directly in one of kind `parent`: blocks hold all but another root,
/// inlines hold inlines, leaves, and named kinds, of which nothing is known.
constexpr bool may_hold(uint16_t parent, uint16_t child) {
  const int holder = kind_class(parent);
  return child != CALQUE_DOCUMENT &&
         (holder == CALQUE_CLASS_BLOCKS || (holder == CALQUE_CLASS_INLINES && child >= CALQUE_EMPHASIS));
}
/// The core kind of that name, or CALQUE_KIND_NAMED when there is none.
uint16_t core_kind(std::string_view name);
/// True for the name of a named kind: x.owner/thing, in the bytes that words of the dump have.
bool is_kind_name(std::string_view name);
/// The value of an attribute; data is NULL when the node has none.
calque_str find_attr(const calque_document &, uint32_t node, std::string_view key);

}  // namespace calque::host

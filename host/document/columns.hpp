// SPDX-License-Identifier: Apache-2.0
// The columns of a document, listed once: structs, packing and size checks all come from these lists.
#pragma once

#include <calque/calque.h>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace calque::host {

// X(type, column). Arrays of one list run in parallel.
#define CALQUE_NODE_COLUMNS(X) \
  X(uint16_t, kind) X(uint16_t, flags) X(uint32_t, id) X(uint32_t, end) X(uint32_t, text_begin) X(uint32_t, text_end)
#define CALQUE_ATTR_COLUMNS(X) X(uint32_t, node) X(uint32_t, key) X(uint32_t, value_begin) X(uint32_t, value_end)
#define CALQUE_ORIGIN_COLUMNS(X) \
  X(uint32_t, text_begin) X(uint32_t, source) X(uint64_t, begin) X(uint64_t, end) X(uint8_t, exact)
#define CALQUE_ANNOTATION_COLUMNS(X) \
  X(uint32_t, id)                    \
  X(uint32_t, begin) X(uint32_t, end) X(uint32_t, node) X(uint32_t, kind) X(uint8_t, side) X(uint8_t, state)
#define CALQUE_VALUE_COLUMNS(X) \
  X(uint32_t, value_of) X(uint32_t, value_key) X(uint32_t, value_begin) X(uint32_t, value_end) X(uint8_t, value_type)

#define CALQUE_DECLARE_COLUMN(type, name) std::vector<type> name;

struct node_columns {
  CALQUE_NODE_COLUMNS(CALQUE_DECLARE_COLUMN)
  uint32_t count() const { return static_cast<uint32_t>(kind.size()); }
  calque_nodes view() const;
};

struct attr_columns {
  CALQUE_ATTR_COLUMNS(CALQUE_DECLARE_COLUMN)
  uint32_t count() const { return static_cast<uint32_t>(node.size()); }
};

struct origin_columns {
  CALQUE_ORIGIN_COLUMNS(CALQUE_DECLARE_COLUMN)
  uint32_t count() const { return static_cast<uint32_t>(source.size()); }
  calque_origins view() const;
  /// Adds a run that begins at `text_at`, joined to the last one where both are exact and follow each other, or both
  /// are the same range. Text that nothing came of is not added.
  void add(uint32_t text_at, uint32_t source, uint64_t begin, uint64_t end, bool exact);
  /// Adds the runs of `from` that cover its text [begin, end), as text that begins at `text_at` here.
  void add_slice(const calque_origins &from, uint32_t begin, uint32_t end, uint32_t text_at);
};

struct annotation_columns {
  CALQUE_ANNOTATION_COLUMNS(CALQUE_DECLARE_COLUMN)
  CALQUE_VALUE_COLUMNS(CALQUE_DECLARE_COLUMN)
  uint32_t count() const { return static_cast<uint32_t>(id.size()); }
};

/// Annotations in the order that layers have: by begin, then the longer first, then by id; values follow theirs.
annotation_columns in_layer_order(annotation_columns columns);

/// Calls f(name, vector) for each column of a list, in its order. `values` are those of an annotation.
#define CALQUE_VISIT_COLUMN(type, name) f(#name, columns.name);
template <class Columns, class F>
void each_node_column(Columns &columns, F &&f) {
  CALQUE_NODE_COLUMNS(CALQUE_VISIT_COLUMN)
}
template <class Columns, class F>
void each_attr_column(Columns &columns, F &&f) {
  CALQUE_ATTR_COLUMNS(CALQUE_VISIT_COLUMN)
}
template <class Columns, class F>
void each_origin_column(Columns &columns, F &&f) {
  CALQUE_ORIGIN_COLUMNS(CALQUE_VISIT_COLUMN)
}
template <class Columns, class F>
void each_annotation_column(Columns &columns, F &&f) {
  CALQUE_ANNOTATION_COLUMNS(CALQUE_VISIT_COLUMN)
}
template <class Columns, class F>
void each_value_column(Columns &columns, F &&f) {
  CALQUE_VALUE_COLUMNS(CALQUE_VISIT_COLUMN)
}
#undef CALQUE_VISIT_COLUMN
#undef CALQUE_DECLARE_COLUMN

/// Names and values on their way into one `strings`: names first, values after them.
class string_pool {
 public:
  /// The number of a name; the same for the same name.
  uint32_t name(std::string_view text);
  /// Where the value was put, counted from the first value: see `value_base`.
  std::array<uint32_t, 2> value(std::string_view text);
  /// What to add to value offsets once no more names come.
  uint32_t value_base() const { return static_cast<uint32_t>(names_.size()); }
  std::string take_strings() const { return names_ + values_; }
  const std::vector<uint32_t> &name_end() const { return name_end_; }
  std::string_view name_text(uint32_t number) const;
  uint64_t size() const { return names_.size() + values_.size(); }

 private:
  std::string names_, values_;
  std::vector<uint32_t> name_end_;
  std::map<std::string, uint32_t, std::less<>> numbers_;
};

/// Name `number` of a document or layer.
std::string_view name_at(const uint32_t *name_end, calque_str strings, uint32_t number);

}  // namespace calque::host

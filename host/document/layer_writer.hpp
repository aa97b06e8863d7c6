// SPDX-License-Identifier: Apache-2.0
// The object behind calque_layer_writer: takes annotations in any order and makes sorted, checked layers of them.
#pragma once

#include <calque/calque.h>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "host/document/document.hpp"
#include "host/document/layer_schemas.hpp"
#include "host/document/stage_rules.hpp"

namespace calque::host {

/// One annotation on its way into a layer. `kind` and keys are names of the layer's pool.
struct annotation_row {
  uint32_t id, begin, end, node, kind;
  uint8_t side;
};

class layer_writer {
 public:
  /// `text` gives the text that spans lie in, as it is at the time of the call; `knows_node` tells which node ids
  /// may be named. New ids begin with `first_id`.
  layer_writer(boundary &shared, std::function<std::string_view()> text, std::function<bool(uint32_t)> knows_node,
               uint32_t first_id);
  layer_writer(const layer_writer &) = delete;
  layer_writer &operator=(const layer_writer &) = delete;

  calque_layer_writer *abi() { return &abi_; }
  uint32_t next_id() const { return next_id_; }
  /// Applies f to each annotation, before `finish`: for writers whose text is still put in order.
  void each_row(const std::function<void(annotation_row &)> &f);
  /// The layers, sorted; nothing where the run opened none. `exists` tells whether an annotation of that id was there
  /// before this run, `range_of_node` where a node's text is. Problems (a reference to nothing, a required value that
  /// is missing) go to the boundary.
  std::vector<std::shared_ptr<const layer_data>> finish(const std::function<bool(uint32_t)> &exists,
                                                        const std::function<text_span(uint32_t)> &range_of_node);
  /// Layers of the part that ends here; the writer goes on with none.
  void clear();

 private:
  struct value_row {
    uint32_t annotation, key;
    uint8_t type;
    uint32_t begin, end;  // in the pool's values
  };
  struct open_layer {
    std::string name;
    const layer_schema *schema;
    string_pool pool;
    std::vector<annotation_row> rows;
    std::vector<value_row> values;
  };

  calque_status open(std::string_view name, uint32_t *handle);
  calque_status annotate(const char *call, uint32_t handle, std::string_view kind, annotation_row row,
                         uint32_t *annotation);
  calque_status span(uint32_t handle, std::string_view kind, uint32_t begin, uint32_t end, uint32_t side,
                     uint32_t *annotation);
  calque_status node(uint32_t handle, std::string_view kind, uint32_t node_id, uint32_t *annotation);
  calque_status value(uint32_t annotation, std::string_view key, uint32_t type, std::string_view text);
  void check_required(const open_layer &layer);
  static std::shared_ptr<const layer_data> seal(const open_layer &layer, const std::string &stage);

  boundary &shared_;
  std::function<std::string_view()> text_;
  std::function<bool(uint32_t)> knows_node_;
  uint32_t next_id_;
  std::vector<open_layer> layers_;
  std::unordered_map<uint32_t, uint32_t> layer_of_;  // annotation id → index in layers_
  calque_layer_writer abi_;
};

}  // namespace calque::host

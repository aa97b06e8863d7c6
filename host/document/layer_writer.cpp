// SPDX-License-Identifier: Apache-2.0
// Checks each annotation as it is made; what needs all of them (references, required values) is checked at the end.
#include "host/document/layer_writer.hpp"

#include <algorithm>
#include <unordered_set>

namespace calque::host {
namespace {

layer_writer &self(calque_layer_writer *writer) {
  return *static_cast<layer_writer *>(writer->host_data);
}

}  // namespace

layer_writer::layer_writer(boundary &shared, std::function<std::string_view()> text,
                           std::function<bool(uint32_t)> knows_node, uint32_t first_id)
    : shared_(shared), text_(std::move(text)), knows_node_(std::move(knows_node)), next_id_(first_id) {
  abi_ = {
      sizeof(calque_layer_writer),
      0,
      this,
      [](calque_layer_writer *w, calque_str layer, uint32_t *handle) { return self(w).open(to_view(layer), handle); },
      [](calque_layer_writer *w, uint32_t handle, calque_str kind, uint32_t begin, uint32_t end, uint32_t side,
         uint32_t *annotation) { return self(w).span(handle, to_view(kind), begin, end, side, annotation); },
      [](calque_layer_writer *w, uint32_t handle, calque_str kind, uint32_t node_id, uint32_t *annotation) {
        return self(w).node(handle, to_view(kind), node_id, annotation);
      },
      [](calque_layer_writer *w, uint32_t annotation, calque_str key, uint32_t type, calque_str value) {
        return self(w).value(annotation, to_view(key), type, to_view(value));
      }};
}

calque_status layer_writer::open(std::string_view name, uint32_t *handle) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  for (size_t k = 0; k < layers_.size(); ++k) {
    if (layers_[k].name != name) continue;
    *handle = static_cast<uint32_t>(k);
    return CALQUE_OK;
  }
  if (!is_layer_name(name)) return shared_.misuse("layers.open", "\"" + std::string(name) + "\" is no layer name");
  if (!shared_.rules.may_write(name))
    return shared_.misuse("layers.open", "the stage does not declare that it writes " + std::string(name));
  const layer_schema *schema = find_schema(name);
  if (schema == nullptr && name.starts_with("calque."))
    return shared_.misuse("layers.open", "this model has no layer " + std::string(name));
  layers_.push_back({std::string(name), schema, {}, {}, {}});
  *handle = static_cast<uint32_t>(layers_.size() - 1);
  return CALQUE_OK;
}

calque_status layer_writer::annotate(const char *call, uint32_t handle, std::string_view kind, annotation_row row,
                                     uint32_t *annotation) {
  open_layer &layer = layers_[handle];
  if (kind.empty() || !is_utf8(kind)) return shared_.misuse(call, "a kind is a word in UTF-8");
  if (layer.schema != nullptr &&
      std::find(layer.schema->kinds.begin(), layer.schema->kinds.end(), kind) == layer.schema->kinds.end())
    return shared_.misuse(call, layer.name + " has no kind \"" + std::string(kind) + "\"");
  if (layer_of_.size() >= shared_.within.max_annotations)
    return shared_.limit("annotations", shared_.within.max_annotations, layer_of_.size() + 1);
  row.id = next_id_++;
  row.kind = layer.pool.name(kind);
  layer.rows.push_back(row);
  layer_of_.emplace(row.id, handle);
  if (annotation != nullptr) *annotation = row.id;
  return CALQUE_OK;
}

calque_status layer_writer::span(uint32_t handle, std::string_view kind, uint32_t begin, uint32_t end, uint32_t side,
                                 uint32_t *annotation) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (handle >= layers_.size()) return shared_.misuse("layers.span", "this handle was not opened");
  const std::string_view text = text_();
  const std::string range = "[" + std::to_string(begin) + ", " + std::to_string(end) + ")";
  if (begin > end || end > text.size())
    return shared_.misuse("layers.span", range + " is not in the text, which ends at " + std::to_string(text.size()));
  if (!is_boundary(text, begin) || !is_boundary(text, end))
    return shared_.misuse("layers.span", range + " begins or ends inside a code point");
  if (side > CALQUE_BEFORE) return shared_.misuse("layers.span", "there is no such side");
  const uint8_t kept = begin == end ? static_cast<uint8_t>(side) : uint8_t{CALQUE_AFTER};
  return annotate("layers.span", handle, kind, {0, begin, end, CALQUE_NONE, 0, kept}, annotation);
}

calque_status layer_writer::node(uint32_t handle, std::string_view kind, uint32_t node_id, uint32_t *annotation) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (handle >= layers_.size()) return shared_.misuse("layers.node", "this handle was not opened");
  if (!knows_node_(node_id)) return shared_.misuse("layers.node", "no node has the id " + std::to_string(node_id));
  return annotate("layers.node", handle, kind, {0, 0, 0, node_id, 0, CALQUE_AFTER}, annotation);
}

calque_status layer_writer::value(uint32_t annotation, std::string_view key, uint32_t type, std::string_view text) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  const auto found = layer_of_.find(annotation);
  if (found == layer_of_.end())
    return shared_.misuse("layers.value", "annotation " + std::to_string(annotation) + " was not made in this run");
  open_layer &layer = layers_[found->second];
  if (key.empty() || !is_utf8(key)) return shared_.misuse("layers.value", "a key is a word in UTF-8");
  if (const auto problem = check_value(type, text))
    return shared_.misuse("layers.value", "the value of " + std::string(key) + " " + *problem);
  if (layer.schema != nullptr) {
    const auto &keys = layer.schema->keys;
    const auto known = std::find_if(keys.begin(), keys.end(), [&](const layer_key &k) { return k.name == key; });
    if (known == keys.end())
      return shared_.misuse("layers.value", layer.name + " has no key \"" + std::string(key) + "\"");
    if (known->type != type)
      return shared_.misuse("layers.value",
                            "the value of " + std::string(key) + " is of another type in " + layer.name);
  }
  if (layer.pool.size() + key.size() + text.size() > shared_.within.max_text)
    return shared_.limit("values of a layer", shared_.within.max_text, layer.pool.size() + text.size());
  const uint32_t name = layer.pool.name(key);
  const auto range = layer.pool.value(text);
  layer.values.push_back({annotation, name, static_cast<uint8_t>(type), range[0], range[1]});
  return CALQUE_OK;
}

void layer_writer::each_row(const std::function<void(annotation_row &)> &f) {
  for (open_layer &layer : layers_)
    for (annotation_row &row : layer.rows) f(row);
}

void layer_writer::check_required(const open_layer &layer) {
  if (layer.schema == nullptr) return;
  const std::string strings = layer.pool.take_strings();
  for (const layer_key &key : layer.schema->keys) {
    if (!key.required) continue;
    std::unordered_set<uint32_t> having;
    for (const value_row &value : layer.values)
      if (name_at(layer.pool.name_end().data(), to_str(strings), value.key) == key.name)
        having.insert(value.annotation);
    for (const annotation_row &row : layer.rows)
      if (!having.contains(row.id)) {
        shared_.misuse("layers.value", "an annotation of " + layer.name + " lacks the value " + std::string(key.name));
        return;
      }
  }
}

std::shared_ptr<const layer_data> layer_writer::seal(const open_layer &layer, const std::string &stage) {
  annotation_columns c;
  std::unordered_map<uint32_t, uint32_t> index_of;
  for (const annotation_row &row : layer.rows) {
    index_of.emplace(row.id, c.count());
    c.id.push_back(row.id);
    c.begin.push_back(row.begin);
    c.end.push_back(row.end);
    c.node.push_back(row.node);
    c.kind.push_back(row.kind);
    c.side.push_back(row.side);
    c.state.push_back(CALQUE_INTACT);
  }
  for (const value_row &value : layer.values) {
    c.value_of.push_back(index_of[value.annotation]);
    c.value_key.push_back(value.key);
    c.value_begin.push_back(value.begin + layer.pool.value_base());
    c.value_end.push_back(value.end + layer.pool.value_base());
    c.value_type.push_back(value.type);
  }
  const uint32_t on_change = layer.schema != nullptr ? layer.schema->on_change : uint32_t{CALQUE_FOLLOW};
  return std::make_shared<const layer_data>(layer.name, stage, on_change, in_layer_order(std::move(c)),
                                            layer.pool.name_end(), layer.pool.take_strings());
}

std::vector<std::shared_ptr<const layer_data>> layer_writer::finish(
    const std::function<bool(uint32_t)> &exists, const std::function<text_span(uint32_t)> &range_of_node) {
  each_row([&](annotation_row &row) {
    if (row.node == CALQUE_NONE) return;
    const text_span range = range_of_node(row.node);
    row.begin = range.begin;
    row.end = range.end;
  });
  std::vector<std::shared_ptr<const layer_data>> made;
  for (const open_layer &layer : layers_) {
    check_required(layer);
    made.push_back(seal(layer, shared_.rules.name));
    const annotation_columns &c = made.back()->columns();
    for (size_t v = 0; v < c.value_of.size(); ++v) {
      if (c.value_type[v] != CALQUE_VALUE_REF && c.value_type[v] != CALQUE_VALUE_NODE) continue;
      const std::string digits = made.back()->strings().substr(c.value_begin[v], c.value_end[v] - c.value_begin[v]);
      const uint64_t id = std::stoull(digits);
      const bool there =
          id < CALQUE_NONE && (c.value_type[v] == CALQUE_VALUE_REF
                                   ? layer_of_.contains(static_cast<uint32_t>(id)) || exists(static_cast<uint32_t>(id))
                                   : knows_node_(static_cast<uint32_t>(id)));
      if (!there)
        shared_.misuse("layers.value", "a value of " + layer.name + " refers to " + digits + ", which is not there");
    }
  }
  return made;
}

void layer_writer::clear() {
  layers_.clear();
  layer_of_.clear();
}

}  // namespace calque::host

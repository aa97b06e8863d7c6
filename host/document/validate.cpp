// SPDX-License-Identifier: Apache-2.0
// One pass over each section, in the order in which later checks rely on earlier ones.
#include "host/document/validate.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "host/document/layer_schemas.hpp"

namespace calque::host {
namespace {

/// A rule that does not hold: where ("nodes[17]") and which.
using fault = std::optional<std::string>;

std::string at(std::string_view section, uint64_t index) {
  return std::string(section) + "[" + std::to_string(index) + "]: ";
}
std::string number(uint64_t n) {
  return std::to_string(n);
}

/// Ids seen so far. They are dense as a rule, so they number bits of a table; ids that lie far out go into a hash set,
/// so that no id makes the table big.
class id_set {
 public:
  explicit id_set(uint64_t count) : dense_(count * 4 + 1024, false) {}
  /// False when the id is there already.
  bool add(uint32_t id) {
    if (id >= dense_.size()) return sparse_.insert(id).second;
    if (dense_[id]) return false;
    return dense_[id] = true;
  }
  bool contains(uint64_t id) const {
    return id < dense_.size() ? bool(dense_[id]) : id < CALQUE_NONE && sparse_.contains(static_cast<uint32_t>(id));
  }

 private:
  std::vector<bool> dense_;
  std::unordered_set<uint32_t> sparse_;
};

class validation {
 public:
  validation(const calque_document &d, check_level level, const limits &within)
      : d_(d), text_(to_view(d.text)), level_(level), within_(within) {}

  fault run() {
    if (fault f = sizes()) return f;
    if (level_ == check_level::sizes) return std::nullopt;
    if (fault f = names("names", d_.name_end, d_.name_count, d_.strings)) return f;
    id_set node_ids(d_.nodes.count);
    if (fault f = nodes(node_ids)) return f;
    if (fault f = attrs()) return f;
    if (fault f = sources()) return f;
    if (fault f = origins()) return f;
    uint64_t annotations = 0;
    for (uint32_t l = 0; l < d_.layer_count; ++l) annotations += d_.layers[l]->count;
    id_set annotation_ids(annotations);
    if (fault f = layers(annotation_ids)) return f;
    if (fault f = resources()) return f;
    if (level_ == check_level::structure) return std::nullopt;
    if (fault f = utf8()) return f;
    if (fault f = asides()) return f;
    for (uint32_t l = 0; l < d_.layer_count; ++l)
      if (fault f = meaning(l, node_ids, annotation_ids)) return f;
    return std::nullopt;
  }

 private:
  using node_index = std::unordered_map<uint32_t, uint32_t>;  // by id

  fault sizes() const;
  fault names(std::string_view section, const uint32_t *name_end, uint32_t count, calque_str strings) const;
  fault nodes(id_set &ids);
  bool is_sound_node(uint32_t i, uint32_t parent, uint32_t parent_end) const;
  fault node_fault(uint32_t i, uint32_t parent, uint32_t parent_end) const;
  fault attrs() const;
  fault sources() const;
  fault origins() const;
  fault layers(id_set &annotation_ids) const;
  fault annotations(const calque_layer &layer, const std::string &section, const node_index &nodes, id_set &ids) const;
  fault resources() const;
  fault utf8() const;
  fault asides() const;
  fault meaning(uint32_t l, const id_set &node_ids, const id_set &annotation_ids) const;

  const calque_document &d_;
  std::string_view text_;
  check_level level_;
  const limits &within_;
  std::vector<uint32_t> version_edges_;  // where the text of a language version begins or ends, ascending
};

fault validation::sizes() const {
  if (d_.struct_size < sizeof(calque_document)) return "document: struct_size is " + number(d_.struct_size);
  if (d_.model != CALQUE_MODEL) return "document: model " + number(d_.model) + " is not known";
  if (d_.text.size > within_.max_text || d_.text.size >= UINT32_MAX)
    return "text: " + number(d_.text.size) + " bytes, at most " + number(within_.max_text) + " are allowed";
  if (d_.strings.size >= UINT32_MAX) return "strings: " + number(d_.strings.size) + " bytes do not fit 32-bit offsets";
  if (d_.nodes.count == 0) return fault("nodes: there is no root");
  if (d_.nodes.count > within_.max_nodes)
    return "nodes: " + number(d_.nodes.count) + ", at most " + number(within_.max_nodes) + " are allowed";
  const auto there = [](uint64_t count, auto... columns) { return count == 0 || ((columns != nullptr) && ...); };
  const calque_nodes &n = d_.nodes;
  const calque_attrs &a = d_.attrs;
  const calque_origins &o = d_.origins;
  if (!there(d_.text.size, d_.text.data)) return fault("text: its bytes are missing");
  if (!there(d_.strings.size, d_.strings.data)) return fault("strings: their bytes are missing");
  if (!there(d_.name_count, d_.name_end)) return fault("names: a column is missing");
  if (!there(n.count, n.kind, n.flags, n.id, n.end, n.text_begin, n.text_end))
    return fault("nodes: a column is missing");
  if (!there(a.count, a.node, a.key, a.value_begin, a.value_end)) return fault("attrs: a column is missing");
  if (!there(o.count, o.text_begin, o.source, o.begin, o.end, o.exact)) return fault("origins: a column is missing");
  if (!there(d_.source_count, d_.sources)) return fault("sources: the list is missing");
  if (!there(d_.layer_count, d_.layers)) return fault("layers: the list is missing");
  if (!there(d_.resource_count, d_.resources)) return fault("resources: the list is missing");
  for (uint32_t s = 0; s < d_.source_count; ++s)
    if (d_.sources[s] == nullptr || d_.sources[s]->struct_size < sizeof(calque_source))
      return at("sources", s) + "it is missing or too small";
  uint64_t annotations = 0;
  for (uint32_t k = 0; k < d_.layer_count; ++k) {
    const calque_layer *l = d_.layers[k];
    if (l == nullptr || l->struct_size < sizeof(calque_layer)) return at("layers", k) + "it is missing or too small";
    if (!there(l->name_count, l->name_end) || !there(l->strings.size, l->strings.data) ||
        !there(l->count, l->id, l->begin, l->end, l->node, l->kind, l->side, l->state) ||
        !there(l->value_count, l->value_of, l->value_key, l->value_begin, l->value_end, l->value_type))
      return at("layers", k) + "a column is missing";
    if (l->strings.size >= UINT32_MAX) return at("layers", k) + "its strings do not fit 32-bit offsets";
    annotations += l->count;
  }
  if (annotations > within_.max_annotations)
    return "layers: " + number(annotations) + " annotations, at most " + number(within_.max_annotations) +
           " are allowed";
  for (uint32_t r = 0; r < d_.resource_count; ++r) {
    const calque_resource *one = d_.resources[r];
    if (one == nullptr || one->struct_size < sizeof(calque_resource) || !there(one->size, one->data))
      return at("resources", r) + "it is missing or too small";
    if (one->size > within_.max_resource)
      return at("resources", r) + number(one->size) + " bytes, at most " + number(within_.max_resource) +
             " are allowed";
  }
  return std::nullopt;
}

fault validation::names(std::string_view section, const uint32_t *name_end, uint32_t count, calque_str strings) const {
  uint32_t begin = 0;
  for (uint32_t n = 0; n < count; ++n) {
    if (name_end[n] <= begin || name_end[n] > strings.size)
      return at(section, n) + "it ends at " + number(name_end[n]) + ", outside the strings or before it begins";
    begin = name_end[n];
  }
  return std::nullopt;
}

/// What holds of one node by itself and within its parent. The check is apart from the words for it, because most of
/// the time of a validation goes here.
bool validation::is_sound_node(uint32_t i, uint32_t parent, uint32_t parent_end) const {
  const calque_nodes &n = d_.nodes;
  const uint16_t kind = n.kind[i];
  const int cls = kind_class(kind);
  return n.end[i] > i && n.end[i] <= parent_end && cls != 0 && n.flags[i] == 0 &&
         (cls != CALQUE_CLASS_LEAF || n.end[i] == i + 1) && (i == 0 || may_hold(n.kind[parent], kind)) &&
         (kind < CALQUE_KIND_NAMED || is_kind_name(kind_name(d_, kind)));
}

fault validation::node_fault(uint32_t i, uint32_t parent, uint32_t parent_end) const {
  const calque_nodes &n = d_.nodes;
  if (n.end[i] <= i || n.end[i] > parent_end)
    return at("nodes", i) + "it ends at " + number(n.end[i]) + ", outside its parent or before itself";
  const int cls = kind_class(n.kind[i]);
  if (cls == 0) return at("nodes", i) + "kind " + number(n.kind[i]) + " is not known in this model";
  if (n.kind[i] >= CALQUE_KIND_NAMED && !is_kind_name(kind_name(d_, n.kind[i])))
    return at("nodes", i) + "its kind is no name of the form x.owner/thing";
  if (n.flags[i] != 0) return at("nodes", i) + "flags are 0 in this model";
  if (cls == CALQUE_CLASS_LEAF && n.end[i] != i + 1) return at("nodes", i) + "a leaf has no children";
  return at("nodes", i) + "a " + std::string(kind_name(d_, n.kind[parent])) + " cannot hold a " +
         std::string(kind_name(d_, n.kind[i]));
}

fault validation::nodes(id_set &ids) {
  const calque_nodes &n = d_.nodes;
  if (n.kind[0] != CALQUE_DOCUMENT || n.end[0] != n.count)
    return fault("nodes[0]: the root is a document that ends with the last node");
  std::vector<uint32_t> open;  // containers that hold node i, the root first
  uint32_t text_at = 0;        // where the leaves so far end
  const auto close = [&]() -> fault {
    const uint32_t closed = open.back();
    open.pop_back();
    if (n.kind[closed] == CALQUE_VERSION) version_edges_.push_back(text_at);
    if (n.text_end[closed] != text_at)
      return at("nodes", closed) + "its text ends at " + number(n.text_end[closed]) + ", its leaves at " +
             number(text_at);
    return std::nullopt;
  };
  for (uint32_t i = 0; i < n.count; ++i) {
    while (!open.empty() && n.end[open.back()] == i)
      if (fault f = close()) return f;
    const uint32_t parent = open.empty() ? 0 : open.back();
    const uint32_t parent_end = open.empty() ? n.count : n.end[parent];
    if (!is_sound_node(i, parent, parent_end)) return node_fault(i, parent, parent_end);
    if (n.text_begin[i] != text_at)
      return at("nodes", i) + "its text begins at " + number(n.text_begin[i]) + ", the leaves before it end at " +
             number(text_at);
    if (kind_class(n.kind[i]) == CALQUE_CLASS_LEAF) {
      if (n.text_end[i] < text_at || n.text_end[i] > text_.size())
        return at("nodes", i) + "its text ends at " + number(n.text_end[i]) + ", outside the text";
      text_at = n.text_end[i];
      if (!is_boundary(text_, text_at)) return at("nodes", i) + "its text ends inside a code point";
    } else {
      open.push_back(i);
      if (n.kind[i] == CALQUE_VERSION) version_edges_.push_back(text_at);
      if (open.size() > within_.max_depth) return at("nodes", i) + "it is deeper than " + number(within_.max_depth);
    }
    if (!ids.add(n.id[i])) return at("nodes", i) + "another node has the id " + number(n.id[i]);
  }
  while (!open.empty())
    if (fault f = close()) return f;
  if (text_at != text_.size())
    return "nodes: the leaves end at " + number(text_at) + ", the text at " + number(text_.size());
  return std::nullopt;
}

fault validation::attrs() const {
  const calque_attrs &a = d_.attrs;
  std::vector<uint32_t> last_node_with(d_.name_count, CALQUE_NONE);
  for (uint32_t k = 0; k < a.count; ++k) {
    if (a.node[k] >= d_.nodes.count || (k > 0 && a.node[k] < a.node[k - 1]))
      return at("attrs", k) + "node " + number(a.node[k]) + " is not there or out of order";
    if (a.key[k] >= d_.name_count) return at("attrs", k) + "its key is a name that the document does not have";
    if (last_node_with[a.key[k]] == a.node[k]) return at("attrs", k) + "its node has that key already";
    last_node_with[a.key[k]] = a.node[k];
    if (a.value_begin[k] > a.value_end[k] || a.value_end[k] > d_.strings.size)
      return at("attrs", k) + "its value is not in the strings";
  }
  return std::nullopt;
}

fault validation::sources() const {
  if (d_.source_count == 0) return fault("sources: there is none");
  for (uint32_t s = 0; s < d_.source_count; ++s) {
    const uint32_t parent = d_.sources[s]->parent;
    if (s == 0 ? parent != CALQUE_NONE : parent >= s) return at("sources", s) + "its parent is not a source before it";
  }
  return std::nullopt;
}

fault validation::origins() const {
  const calque_origins &o = d_.origins;
  if ((o.count == 0) != text_.empty()) return fault("origins: runs tile the text, and none covers an empty one");
  for (uint32_t k = 0; k < o.count; ++k) {
    const uint32_t begin = o.text_begin[k];
    const uint64_t end = k + 1 < o.count ? o.text_begin[k + 1] : text_.size();
    if (k == 0 && begin != 0) return fault("origins[0]: the first run begins at 0");
    if (begin >= end || end > text_.size()) return at("origins", k) + "runs ascend within the text";
    if (!is_boundary(text_, begin)) return at("origins", k) + "it begins inside a code point";
    if (o.source[k] >= d_.source_count) return at("origins", k) + "there is no source " + number(o.source[k]);
    if (o.begin[k] > o.end[k] || o.end[k] > d_.sources[o.source[k]]->size)
      return at("origins", k) + "its range is not in the source";
    if (o.exact[k] > 1) return at("origins", k) + "`exact` is 0 or 1";
    if (o.exact[k] == 1 && o.end[k] - o.begin[k] != end - begin)
      return at("origins", k) + "an exact run is as long as its range";
  }
  return std::nullopt;
}

fault validation::layers(id_set &annotation_ids) const {
  // Most documents have no annotations on nodes; only those that do pay for the look-up.
  node_index nodes;
  const bool has_any = std::any_of(d_.layers, d_.layers + d_.layer_count, [](const calque_layer *layer) {
    return std::any_of(layer->node, layer->node + layer->count, [](uint32_t node) { return node != CALQUE_NONE; });
  });
  for (uint32_t i = 0; has_any && i < d_.nodes.count; ++i) nodes.emplace(d_.nodes.id[i], i);
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (uint32_t l = 0; l < d_.layer_count; ++l) {
    const calque_layer &layer = *d_.layers[l];
    const std::string_view name = to_view(layer.name);
    if (!is_layer_name(name)) return at("layers", l) + "its name is not owner.name/revision";
    if (!seen.emplace(name, to_view(layer.stage)).second)
      return at("layers", l) + std::string(name) + " is there twice by the same stage";
    if (layer.on_change > CALQUE_FORBID) return at("layers", l) + "`on_change` has no such value";
    const std::string section = "layers[" + number(l) + "]";
    if (fault f = names(section + ".names", layer.name_end, layer.name_count, layer.strings)) return f;
    if (fault f = annotations(layer, section, nodes, annotation_ids)) return f;
  }
  return std::nullopt;
}

fault validation::annotations(const calque_layer &layer, const std::string &section, const node_index &nodes,
                              id_set &ids) const {
  const bool may_cross = to_view(layer.name).starts_with("calque.alignment/");
  const auto crosses = [&](uint32_t begin, uint32_t end) {
    const auto edge = std::upper_bound(version_edges_.begin(), version_edges_.end(), begin);
    return edge != version_edges_.end() && *edge < end;
  };
  for (uint32_t k = 0; k < layer.count; ++k) {
    const uint32_t begin = layer.begin[k], end = layer.end[k];
    if (begin > end || end > text_.size()) return at(section, k) + "its span is not in the text";
    if (!is_boundary(text_, begin) || !is_boundary(text_, end)) return at(section, k) + "its span cuts a code point";
    if (k > 0) {
      const uint32_t before_begin = layer.begin[k - 1], before_end = layer.end[k - 1];
      const bool in_order = before_begin != begin ? before_begin < begin
                            : before_end != end   ? before_end > end
                                                  : layer.id[k - 1] < layer.id[k];
      if (!in_order) return at(section, k) + "annotations are in order of begin, end (the longer first) and id";
    }
    if (layer.kind[k] >= layer.name_count) return at(section, k) + "its kind is a name that the layer does not have";
    if (layer.side[k] > CALQUE_BEFORE || layer.state[k] > CALQUE_STALE)
      return at(section, k) + "side or state has no such value";
    if (!ids.add(layer.id[k])) return at(section, k) + "another annotation has the id " + number(layer.id[k]);
    if (layer.node[k] == CALQUE_NONE) {
      if (!may_cross && crosses(begin, end))
        return at(section, k) + "its span reaches over the edge of a language version";
      continue;
    }
    const auto found = nodes.find(layer.node[k]);
    if (found == nodes.end()) return at(section, k) + "no node has the id " + number(layer.node[k]);
    const uint32_t i = found->second;
    if (d_.nodes.text_begin[i] != begin || d_.nodes.text_end[i] != end)
      return at(section, k) + "its span is not its node's text";
  }
  for (uint32_t v = 0; v < layer.value_count; ++v) {
    const std::string values = section + ".values";
    if (layer.value_of[v] >= layer.count || (v > 0 && layer.value_of[v] < layer.value_of[v - 1]))
      return at(values, v) + "its annotation is not there or out of order";
    if (layer.value_key[v] >= layer.name_count) return at(values, v) + "its key is a name that the layer does not have";
    if (layer.value_begin[v] > layer.value_end[v] || layer.value_end[v] > layer.strings.size)
      return at(values, v) + "it is not in the layer's strings";
    if (layer.value_type[v] > CALQUE_VALUE_NODE) return at(values, v) + "its type does not exist";
  }
  return std::nullopt;
}

fault validation::resources() const {
  std::set<std::string_view> seen;
  for (uint32_t r = 0; r < d_.resource_count; ++r) {
    const std::string_view name = to_view(d_.resources[r]->name);
    if (!is_resource_name(name)) return at("resources", r) + "its name is empty, absolute or climbs";
    if (!seen.insert(name).second) return at("resources", r) + "another one has its name";
  }
  return std::nullopt;
}

/// Whole columns of text first, then the ends of each piece of them: that way each byte is looked at once, however
/// often pieces overlap.
fault validation::utf8() const {
  if (!is_utf8(text_)) return fault("text: it is not UTF-8");
  const std::string_view strings = to_view(d_.strings);
  if (!is_utf8(strings)) return fault("strings: they are not UTF-8");
  for (uint32_t n = 0; n < d_.name_count; ++n)
    if (!is_boundary(strings, d_.name_end[n])) return at("names", n) + "it ends inside a code point";
  for (uint32_t k = 0; k < d_.attrs.count; ++k)
    if (!is_boundary(strings, d_.attrs.value_begin[k]) || !is_boundary(strings, d_.attrs.value_end[k]))
      return at("attrs", k) + "its value cuts a code point";
  for (uint32_t s = 0; s < d_.source_count; ++s) {
    const calque_source &source = *d_.sources[s];
    if (!is_utf8(to_view(source.name)) || !is_utf8(to_view(source.media_type)) || !is_utf8(to_view(source.encoding)))
      return at("sources", s) + "its name, type or encoding is not UTF-8";
  }
  for (uint32_t r = 0; r < d_.resource_count; ++r)
    if (!is_utf8(to_view(d_.resources[r]->name)) || !is_utf8(to_view(d_.resources[r]->media_type)))
      return at("resources", r) + "its name or type is not UTF-8";
  for (uint32_t l = 0; l < d_.layer_count; ++l) {
    const calque_layer &layer = *d_.layers[l];
    const std::string_view all = to_view(layer.strings);
    if (!is_utf8(all) || !is_utf8(to_view(layer.stage))) return at("layers", l) + "its strings are not UTF-8";
    for (uint32_t n = 0; n < layer.name_count; ++n)
      if (!is_boundary(all, layer.name_end[n])) return at("layers", l) + "a name ends inside a code point";
    for (uint32_t v = 0; v < layer.value_count; ++v)
      if (!is_boundary(all, layer.value_begin[v]) || !is_boundary(all, layer.value_end[v]))
        return at("layers", l) + "value " + number(v) + " cuts a code point";
  }
  return std::nullopt;
}

/// Every aside has a role; fields have a key and stand in the root before all else but asides (notes on fields).
fault validation::asides() const {
  const calque_nodes &n = d_.nodes;
  uint32_t front_end = 1;  // where the run of asides at the front ends
  while (front_end < n.count && n.kind[front_end] == CALQUE_ASIDE) front_end = n.end[front_end];
  uint32_t next_of_root = 1;
  for (uint32_t i = 1; i < n.count; ++i) {
    const bool is_in_root = i == next_of_root;
    if (is_in_root) next_of_root = n.end[i];
    if (n.kind[i] != CALQUE_ASIDE) continue;
    const calque_str role = find_attr(d_, i, "role");
    if (role.data == nullptr) return at("nodes", i) + "an aside has a role";
    if (to_view(role) != "field") continue;
    if (!is_in_root || i >= front_end) return at("nodes", i) + "fields stand at the front of the document";
    if (find_attr(d_, i, "key").data == nullptr) return at("nodes", i) + "a field has a key";
  }
  return std::nullopt;
}

/// Schemas of layers, and references.
fault validation::meaning(uint32_t l, const id_set &node_ids, const id_set &annotation_ids) const {
  const calque_layer &layer = *d_.layers[l];
  const std::string section = "layers[" + number(l) + "]";
  const layer_schema *schema = find_schema(to_view(layer.name));
  if (schema == nullptr && to_view(layer.name).starts_with("calque."))
    return section + ": this model has no layer " + std::string(to_view(layer.name));
  for (uint32_t k = 0; k < layer.count && schema != nullptr; ++k) {
    const std::string_view kind = name_at(layer.name_end, layer.strings, layer.kind[k]);
    if (std::find(schema->kinds.begin(), schema->kinds.end(), kind) == schema->kinds.end())
      return at(section, k) + std::string(schema->name) + " has no kind \"" + std::string(kind) + "\"";
  }
  constexpr uint32_t longest_number = 64;  // so that values which overlap cost no more than their count
  for (uint32_t v = 0; v < layer.value_count; ++v) {
    const uint32_t type = layer.value_type[v];
    const std::string_view key = name_at(layer.name_end, layer.strings, layer.value_key[v]);
    if (schema != nullptr) {
      const auto known =
          std::find_if(schema->keys.begin(), schema->keys.end(), [&](const layer_key &one) { return one.name == key; });
      if (known == schema->keys.end() || known->type != type)
        return at(section + ".values", v) + std::string(schema->name) + " has no key \"" + std::string(key) +
               "\" of that type";
    }
    if (type == CALQUE_VALUE_TEXT) continue;
    const uint32_t size = layer.value_end[v] - layer.value_begin[v];
    const std::string_view value = to_view(layer.strings).substr(layer.value_begin[v], std::min(size, longest_number));
    const auto problem = size > longest_number ? fault("is too long") : check_value(type, value);
    if (problem) return at(section + ".values", v) + "the value of " + std::string(key) + " " + *problem;
    if (type != CALQUE_VALUE_REF && type != CALQUE_VALUE_NODE) continue;
    const uint64_t id = std::stoull(std::string(value));
    if (!(type == CALQUE_VALUE_REF ? annotation_ids : node_ids).contains(id))
      return at(section + ".values", v) + "it refers to " + number(id) + ", which is not there";
  }
  return std::nullopt;
}

}  // namespace

bool is_resource_name(std::string_view name) {
  for (size_t begin = 0; begin <= name.size();) {
    const size_t end = std::min(name.find('/', begin), name.size());
    const std::string_view part = name.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") return false;
    begin = end + 1;
  }
  return name.find('\0') == std::string_view::npos;
}

result<void> validate(const calque_document &d, check_level level, const limits &within) {
  if (fault f = validation(d, level, within).run()) return error("document.invalid", std::move(*f));
  return {};
}

result<void> validate(const document &d, check_level level, const limits &within) {
  if (auto checked = validate(d.view(), level, within); !checked) return checked;
  const auto none_from = [](const std::vector<uint32_t> &ids, uint32_t next) {
    return std::all_of(ids.begin(), ids.end(), [&](uint32_t id) { return id < next; });
  };
  const document_sections &s = d.sections();
  bool good = none_from(s.nodes->id, s.next_node_id);
  for (const auto &layer : s.layers) good = good && none_from(layer->columns().id, s.next_annotation_id);
  if (!good) return error("document.invalid", "ids: the next id to give out is in use already");
  return {};
}

}  // namespace calque::host

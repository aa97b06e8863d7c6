// SPDX-License-Identifier: Apache-2.0
// Views of a document: nodes, attributes, fields, main flow and layers. They own nothing and cost nothing.
#pragma once

#include <calque/base.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <vector>

namespace calque {

class node;

/// Nodes from `first` up to `end`, each found from the last by Step. A forward range for range-for.
template <class Step>
class node_range {
 public:
  class iterator {
   public:
    using difference_type = std::ptrdiff_t;
    using value_type = node;
    using reference = node;
    using pointer = void;
    using iterator_category = std::input_iterator_tag;
    iterator() = default;
    iterator(const calque_document *document, uint32_t index, uint32_t end)
        : document_(document), index_(Step::settle(*document, index, end)), end_(end) {}
    node operator*() const;
    iterator &operator++() {
      index_ = Step::settle(*document_, Step::next(*document_, index_), end_);
      return *this;
    }
    iterator operator++(int) {
      auto old = *this;
      ++*this;
      return old;
    }
    bool operator==(const iterator &other) const { return index_ == other.index_; }

   private:
    const calque_document *document_ = nullptr;
    uint32_t index_ = 0, end_ = 0;
  };

  node_range(const calque_document *document, uint32_t first, uint32_t end)
      : document_(document), first_(first), end_(end) {}
  iterator begin() const { return {document_, first_, end_}; }
  iterator end() const { return {document_, end_, end_}; }
  bool empty() const { return begin() == end(); }

 private:
  const calque_document *document_;
  uint32_t first_, end_;
};

namespace steps {

/// From sibling to sibling.
struct siblings {
  static uint32_t next(const calque_document &d, uint32_t i) { return d.nodes.end[i]; }
  static uint32_t settle(const calque_document &, uint32_t i, uint32_t end) { return std::min(i, end); }
};

/// Every node in reading order.
struct descendants {
  static uint32_t next(const calque_document &, uint32_t i) { return i + 1; }
  static uint32_t settle(const calque_document &, uint32_t i, uint32_t end) { return std::min(i, end); }
};

/// Every node in reading order but asides and what they hold.
struct main_flow {
  static uint32_t next(const calque_document &, uint32_t i) { return i + 1; }
  static uint32_t settle(const calque_document &d, uint32_t i, uint32_t end) {
    while (i < end && d.nodes.kind[i] == CALQUE_ASIDE) i = d.nodes.end[i];
    return std::min(i, end);
  }
};

/// Leaves in reading order, asides included.
struct leaves {
  static uint32_t next(const calque_document &, uint32_t i) { return i + 1; }
  static uint32_t settle(const calque_document &d, uint32_t i, uint32_t end) {
    while (i < end && class_of(static_cast<kind>(d.nodes.kind[i])) != kind_class::leaf) ++i;
    return std::min(i, end);
  }
};

}  // namespace steps

/// One node. `index` is its place in this document, `id` stays with it through every rewrite.
class node {
 public:
  node(const calque_document *document, uint32_t index) : document_(document), index_(index) {}

  uint32_t index() const { return index_; }
  uint32_t id() const { return document_->nodes.id[index_]; }
  calque::kind kind() const { return static_cast<calque::kind>(document_->nodes.kind[index_]); }
  bool is(calque::kind k) const { return kind() == k; }
  bool is_leaf() const { return class_of(kind()) == kind_class::leaf; }
  /// True for a block whose children are inlines: a paragraph, a heading, a speaker.
  bool is_text_block() const {
    return static_cast<uint16_t>(kind()) < CALQUE_EMPHASIS && class_of(kind()) == kind_class::inlines;
  }
  /// The index after the last node below this one.
  uint32_t end_index() const { return document_->nodes.end[index_]; }
  text_range range() const { return {document_->nodes.text_begin[index_], document_->nodes.text_end[index_]}; }
  std::string_view text() const { return view(document_->text).substr(range().begin, range().end - range().begin); }

  /// The kind's name, also of a named kind.
  std::string_view kind_name() const;
  /// The attribute's value, where the node has it.
  std::optional<std::string_view> attr(std::string_view key) const;
  /// Calls f(key, value) for each attribute.
  template <class F>
  void each_attr(F &&f) const;

  node_range<steps::siblings> children() const { return {document_, index_ + 1, end_index()}; }
  node_range<steps::descendants> descendants() const { return {document_, index_ + 1, end_index()}; }
  node_range<steps::main_flow> main_flow() const { return {document_, index_ + 1, end_index()}; }
  node_range<steps::leaves> leaves() const { return {document_, index_, end_index()}; }

  bool operator==(const node &) const = default;

 private:
  const calque_document *document_;
  uint32_t index_;
};

template <class Step>
node node_range<Step>::iterator::operator*() const {
  return node(document_, index_);
}

/// One annotation of a layer.
class annotation {
 public:
  struct value_view {
    std::string_view key, text;
    uint32_t type;
  };

  annotation(const calque_layer *layer, uint32_t index) : layer_(layer), index_(index) {}
  uint32_t index() const { return index_; }
  uint32_t id() const { return layer_->id[index_]; }
  text_range range() const { return {layer_->begin[index_], layer_->end[index_]}; }
  /// The id of the node that it is on, if it is on one.
  std::optional<uint32_t> node_id() const {
    return layer_->node[index_] == CALQUE_NONE ? std::nullopt : std::optional(layer_->node[index_]);
  }
  std::string_view kind() const { return name(layer_->kind[index_]); }
  calque::side side() const { return static_cast<calque::side>(layer_->side[index_]); }
  /// CALQUE_INTACT, CALQUE_MOVED or CALQUE_STALE.
  uint8_t state() const { return layer_->state[index_]; }

  std::vector<value_view> values() const {
    std::vector<value_view> found;
    each_value([&](value_view value) {
      found.push_back(value);
      return true;
    });
    return found;
  }
  /// The first value of that key.
  std::optional<std::string_view> value(std::string_view key) const {
    std::optional<std::string_view> found;
    each_value([&](value_view value) {
      if (value.key == key) found = value.text;
      return !found;
    });
    return found;
  }

 private:
  std::string_view name(uint32_t n) const {
    const uint32_t begin = n == 0 ? 0 : layer_->name_end[n - 1];
    return view(layer_->strings).substr(begin, layer_->name_end[n] - begin);
  }
  template <class F>
  void each_value(F &&f) const {
    const uint32_t *first = layer_->value_of, *last = first + layer_->value_count;
    for (const uint32_t *v = std::lower_bound(first, last, index_); v != last && *v == index_; ++v) {
      const auto k = static_cast<size_t>(v - first);
      const auto text =
          view(layer_->strings).substr(layer_->value_begin[k], layer_->value_end[k] - layer_->value_begin[k]);
      if (!f(value_view{name(layer_->value_key[k]), text, layer_->value_type[k]})) return;
    }
  }

  const calque_layer *layer_;
  uint32_t index_;
};

/// One stage's annotations of one name, in order of their spans.
class layer_view {
 public:
  explicit layer_view(const calque_layer *layer) : layer_(layer) {}
  std::string_view name() const { return view(layer_->name); }
  std::string_view stage() const { return view(layer_->stage); }
  uint32_t size() const { return layer_->count; }
  annotation operator[](uint32_t index) const { return {layer_, index}; }

 private:
  const calque_layer *layer_;
};

/// A whole document.
class document_view {
 public:
  explicit document_view(const calque_document &document) : document_(&document) {}

  std::string_view text() const { return view(document_->text); }
  std::string_view text(text_range range) const { return text().substr(range.begin, range.end - range.begin); }
  uint32_t node_count() const { return document_->nodes.count; }
  node at(uint32_t index) const { return {document_, index}; }
  node root() const { return at(0); }
  /// All nodes but asides and what they hold, in reading order.
  node_range<steps::main_flow> main_flow() const { return root().main_flow(); }
  node_range<steps::descendants> nodes() const { return {document_, 0, node_count()}; }

  /// The asides that hold metadata, in order.
  std::vector<node> fields() const {
    std::vector<node> found;
    for (node child : root().children())
      if (child.is(kind::aside) && child.attr("role") == "field") found.push_back(child);
    return found;
  }
  /// The first field of that key.
  std::optional<node> field(std::string_view key) const {
    for (node child : root().children())
      if (child.is(kind::aside) && child.attr("role") == "field" && child.attr("key") == key) return child;
    return std::nullopt;
  }

  uint32_t layer_count() const { return document_->layer_count; }
  layer_view layer(uint32_t index) const { return layer_view(document_->layers[index]); }
  /// Every annotation of that name, whichever stage made it, by (begin, end descending).
  std::vector<annotation> annotations(std::string_view layer_name) const {
    std::vector<annotation> found;
    for (uint32_t l = 0; l < layer_count(); ++l)
      if (layer(l).name() == layer_name)
        for (uint32_t k = 0; k < layer(l).size(); ++k) found.push_back(layer(l)[k]);
    std::stable_sort(found.begin(), found.end(), [](const annotation &a, const annotation &b) {
      return a.range().begin != b.range().begin ? a.range().begin < b.range().begin : a.range().end > b.range().end;
    });
    return found;
  }

  const calque_document &raw() const { return *document_; }

 private:
  const calque_document *document_;
};

/// Finds nodes and annotations by id; made once where many are looked up.
class id_index {
 public:
  explicit id_index(document_view document) : document_(document) {
    nodes_.reserve(document.node_count());
    for (uint32_t i = 0; i < document.node_count(); ++i) nodes_.emplace(document.at(i).id(), i);
    for (uint32_t l = 0; l < document.layer_count(); ++l)
      for (uint32_t k = 0; k < document.layer(l).size(); ++k)
        annotations_.emplace(document.layer(l)[k].id(), document.layer(l)[k]);
  }
  std::optional<calque::node> node(uint32_t id) const {
    auto found = nodes_.find(id);
    return found == nodes_.end() ? std::nullopt : std::optional(document_.at(found->second));
  }
  std::optional<calque::annotation> annotation(uint32_t id) const {
    auto found = annotations_.find(id);
    return found == annotations_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  document_view document_;
  std::unordered_map<uint32_t, uint32_t> nodes_;
  std::unordered_map<uint32_t, calque::annotation> annotations_;
};

inline std::string_view node::kind_name() const {
  const uint16_t k = document_->nodes.kind[index_];
  if (k < CALQUE_KIND_NAMED) return name_of(kind());
  const uint32_t n = k - CALQUE_KIND_NAMED;
  const uint32_t begin = n == 0 ? 0 : document_->name_end[n - 1];
  return view(document_->strings).substr(begin, document_->name_end[n] - begin);
}

template <class F>
void node::each_attr(F &&f) const {
  const auto &attrs = document_->attrs;
  const uint32_t *first = attrs.node, *last = first + attrs.count;
  for (const uint32_t *a = std::lower_bound(first, last, index_); a != last && *a == index_; ++a) {
    const auto k = static_cast<size_t>(a - first);
    const uint32_t n = attrs.key[k], begin = n == 0 ? 0 : document_->name_end[n - 1];
    const std::string_view strings = view(document_->strings);
    f(strings.substr(begin, document_->name_end[n] - begin),
      strings.substr(attrs.value_begin[k], attrs.value_end[k] - attrs.value_begin[k]));
  }
}

inline std::optional<std::string_view> node::attr(std::string_view key) const {
  std::optional<std::string_view> found;
  each_attr([&](std::string_view k, std::string_view value) {
    if (k == key) found = value;
  });
  return found;
}

}  // namespace calque

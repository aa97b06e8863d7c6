// SPDX-License-Identifier: Apache-2.0
// Writing annotations: the only thing that an annotator is given to write to.
#pragma once

#include <calque/base.hpp>

namespace calque {

/// An annotation that was just made, to be given values. Keys may repeat.
class mark {
 public:
  mark(calque_layer_writer *writer, uint32_t id) : writer_(writer), id_(id) {}
  uint32_t id() const { return id_; }
  const mark &text(std::string_view key, std::string_view value) const { return put(key, CALQUE_VALUE_TEXT, value); }
  const mark &integer(std::string_view key, int64_t value) const {
    return put(key, CALQUE_VALUE_INT, std::to_string(value));
  }
  /// A decimal number with up to three places, written without regard to the locale.
  const mark &number(std::string_view key, double value) const {
    const auto thousandths = static_cast<int64_t>(value * 1000 + (value < 0 ? -0.5 : 0.5));
    std::string digits = std::to_string(thousandths < 0 ? -thousandths : thousandths);
    digits.insert(0, digits.size() < 4 ? 4 - digits.size() : 0, '0');
    digits.insert(digits.size() - 3, ".");
    return put(key, CALQUE_VALUE_NUMBER, thousandths < 0 ? "-" + digits : digits);
  }
  const mark &boolean(std::string_view key, bool value) const {
    return put(key, CALQUE_VALUE_BOOL, value ? "true" : "false");
  }
  /// A reference to another annotation.
  const mark &refers(std::string_view key, const mark &other) const { return refers(key, other.id()); }
  const mark &refers(std::string_view key, uint32_t annotation) const {
    return put(key, CALQUE_VALUE_REF, std::to_string(annotation));
  }
  const mark &node(std::string_view key, uint32_t node_id) const {
    return put(key, CALQUE_VALUE_NODE, std::to_string(node_id));
  }

 private:
  const mark &put(std::string_view key, uint32_t type, std::string_view value) const {
    check(writer_->value(writer_, id_, str(key), type, str(value)));
    return *this;
  }
  calque_layer_writer *writer_;
  uint32_t id_;
};

/// Writes layers. A layer must be one of the stage's `writes`.
class marks {
 public:
  explicit marks(calque_layer_writer *writer) : writer_(writer) {}

  /// An annotation on a stretch of text; empty: a point that keeps to the text on its `side`.
  mark span(std::string_view layer, std::string_view kind, text_range range, side keeps_to = side::after) {
    uint32_t id = 0;
    check(writer_->span(writer_, open(layer), str(kind), range.begin, range.end, static_cast<uint32_t>(keeps_to), &id));
    return {writer_, id};
  }
  mark point(std::string_view layer, std::string_view kind, uint32_t at, side keeps_to = side::after) {
    return span(layer, kind, {at, at}, keeps_to);
  }
  /// An annotation on a node, by its id.
  mark node(std::string_view layer, std::string_view kind, uint32_t node_id) {
    uint32_t id = 0;
    check(writer_->node(writer_, open(layer), str(kind), node_id, &id));
    return {writer_, id};
  }
  /// Opens a layer that may stay empty, so that readers see it was looked for.
  void touch(std::string_view layer) { open(layer); }

 private:
  uint32_t open(std::string_view layer) {
    uint32_t handle = 0;
    check(writer_->open(writer_, str(layer), &handle));
    return handle;
  }
  calque_layer_writer *writer_;
};

}  // namespace calque

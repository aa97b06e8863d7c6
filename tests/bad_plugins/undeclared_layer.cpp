// SPDX-License-Identifier: Apache-2.0
// Writes a layer that it has not declared.
#include "tables.hpp"

namespace {
calque_status annotate(void *, const calque_call *, const calque_document *, calque_layer_writer *out) {
  uint32_t handle;
  return out->open(out, bad::str("calque.date/1"), &handle);
}
constexpr calque_annotator_ops annotates{sizeof(annotates), 0, annotate};
}  // namespace

BAD_STAGE("bad_undeclared_layer", bad::annotator("bad.undeclared_layer", annotates))

// SPDX-License-Identifier: Apache-2.0
// Says that it was cancelled when nobody asked it to stop.
#include "tables.hpp"

namespace {
calque_status annotate(void *, const calque_call *, const calque_document *, calque_layer_writer *) {
  return CALQUE_CANCELLED;
}
constexpr calque_annotator_ops annotates{sizeof(annotates), 0, annotate};
}  // namespace

BAD_STAGE("bad_unfounded_status", bad::annotator("bad.unfounded_status", annotates))

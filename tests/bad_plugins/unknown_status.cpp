// SPDX-License-Identifier: Apache-2.0
// Returns a status that there is not.
#include "tables.hpp"

namespace {
calque_status annotate(void *, const calque_call *, const calque_document *, calque_layer_writer *) {
  return 4711;
}
constexpr calque_annotator_ops annotates{sizeof(annotates), 0, annotate};
}  // namespace

BAD_STAGE("bad_unknown_status", bad::annotator("bad.unknown_status", annotates))

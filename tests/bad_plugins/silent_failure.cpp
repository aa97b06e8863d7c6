// SPDX-License-Identifier: Apache-2.0
// Returns FAILED and reports nothing.
#include "tables.hpp"

namespace {
calque_status annotate(void *, const calque_call *, const calque_document *, calque_layer_writer *) {
  return CALQUE_FAILED;
}
constexpr calque_annotator_ops annotates{sizeof(annotates), 0, annotate};
}  // namespace

BAD_STAGE("bad_silent_failure", bad::annotator("bad.silent_failure", annotates))

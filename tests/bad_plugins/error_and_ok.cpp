// SPDX-License-Identifier: Apache-2.0
// Reports an error and returns OK.
#include "tables.hpp"

namespace {
calque_status annotate(void *, const calque_call *call, const calque_document *, calque_layer_writer *) {
  calque_diagnostic d{};
  d.struct_size = sizeof(d);
  d.severity = CALQUE_ERROR;
  d.code = bad::str("bad.declared");
  d.message = bad::str("this cannot be done");
  call->report(call, &d);
  return CALQUE_OK;
}
constexpr calque_annotator_ops annotates{sizeof(annotates), 0, annotate};
}  // namespace

BAD_STAGE("bad_error_and_ok", bad::annotator("bad.error_and_ok", annotates))

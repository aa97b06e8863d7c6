// SPDX-License-Identifier: Apache-2.0
// Reports a code that its table does not have, and goes on as if nothing were.
#include "tables.hpp"

namespace {
calque_status annotate(void *, const calque_call *call, const calque_document *, calque_layer_writer *) {
  calque_diagnostic d{};
  d.struct_size = sizeof(d);
  d.severity = CALQUE_INFO;
  d.code = bad::str("bad.made-up");
  d.message = bad::str("a message");
  call->report(call, &d);
  return CALQUE_OK;
}
constexpr calque_annotator_ops annotates{sizeof(annotates), 0, annotate};
}  // namespace

BAD_STAGE("bad_undeclared_code", bad::annotator("bad.undeclared_code", annotates))

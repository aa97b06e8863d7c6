// SPDX-License-Identifier: Apache-2.0
// Has a stage that would annotate and export.
#include "tables.hpp"

namespace {
calque_status write(void *, const calque_call *, const calque_document *, calque_output *) {
  return CALQUE_OK;
}
constexpr calque_exporter_ops exports{sizeof(exports), 0, write};
constexpr calque_stage both() {
  calque_stage s = bad::exporter("bad.two_roles", exports);
  s.annotator = &bad::annotates_nothing;
  return s;
}
}  // namespace

BAD_STAGE("bad_two_roles", both())

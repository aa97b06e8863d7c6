// SPDX-License-Identifier: Apache-2.0
// Marks a span that ends inside a code point, and ignores the answer.
#include "tables.hpp"

namespace {
calque_status annotate(void *, const calque_call *, const calque_document *d, calque_layer_writer *out) {
  uint32_t handle, at = 0;
  if (calque_status s = out->open(out, bad::str("calque.segment/1"), &handle)) return s;
  while (at < d->text.size && (d->text.data[at] & 0xc0) != 0x80) ++at;
  out->span(out, handle, bad::str("sentence"), 0, at, CALQUE_AFTER, nullptr);
  return CALQUE_OK;
}
constexpr calque_annotator_ops annotates{sizeof(annotates), 0, annotate};
}  // namespace

BAD_STAGE("bad_inside_code_point", bad::annotator("bad.inside_code_point", annotates))

// SPDX-License-Identifier: Apache-2.0
// Exports a file and says nothing of the nodes in it.
#include "tables.hpp"

namespace {
calque_status write(void *, const calque_call *, const calque_document *d, calque_output *out) {
  uint32_t file;
  if (calque_status s = out->create(out, bad::str(""), bad::str("text/plain"), CALQUE_PRIMARY, &file)) return s;
  if (calque_status s = out->write(out, file, d->text)) return s;
  return out->close(out, file);
}
constexpr calque_exporter_ops exports{sizeof(exports), 0, write};
}  // namespace

BAD_STAGE("bad_unaccounted", bad::exporter("bad.unaccounted", exports))

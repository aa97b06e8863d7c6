// SPDX-License-Identifier: Apache-2.0
// Exports to a folder that is not its own.
#include "tables.hpp"

namespace {
calque_status write(void *, const calque_call *, const calque_document *d, calque_output *out) {
  uint32_t file;
  if (calque_status s = out->emitted(out, 0, d->nodes.count)) return s;
  return out->create(out, bad::str("../elsewhere.txt"), bad::str("text/plain"), 0, &file);
}
constexpr calque_exporter_ops exports{sizeof(exports), 0, write};
}  // namespace

BAD_STAGE("bad_path_climbs", bad::exporter("bad.path_climbs", exports))

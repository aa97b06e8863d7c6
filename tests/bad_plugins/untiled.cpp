// SPDX-License-Identifier: Apache-2.0
// Imports half of its source and says nothing of the rest.
#include "tables.hpp"

namespace {
calque_status import(void *, const calque_call *, const calque_input *in, calque_builder *out) {
  calque_str half;
  if (calque_status s = in->map(in, &half)) return s;
  half.size /= 2;
  while (half.size > 0 && (half.data[half.size] & 0xc0) == 0x80) --half.size;
  if (calque_status s = out->begin(out, CALQUE_PARAGRAPH, nullptr)) return s;
  if (calque_status s = out->text(out, CALQUE_TEXT, half, 0, 0, half.size, nullptr)) return s;
  return out->end(out);
}
constexpr calque_importer_ops imports{sizeof(imports), 0, bad::probe, import};
}  // namespace

BAD_STAGE("bad_untiled", bad::importer("bad.untiled", imports))

// SPDX-License-Identifier: Apache-2.0
// Writes the tree anew without some of its text, and gives no code.
#include "tables.hpp"

namespace {
calque_status normalize(void *, const calque_call *, const calque_document *d, calque_rewriter *out) {
  if (calque_status s = out->rebuild(out)) return s;
  uint32_t leaf = 0;
  while (d->nodes.kind[leaf] != CALQUE_TEXT) ++leaf;
  if (calque_status s = out->begin(out, CALQUE_PARAGRAPH, leaf - 1, nullptr)) return s;
  const uint32_t size = d->nodes.text_end[leaf] - d->nodes.text_begin[leaf];
  if (calque_status s = out->copy(out, leaf, 0, size - 1, calque_str{nullptr, 0})) return s;
  return out->end(out);
}
constexpr calque_normalizer_ops normalizes{sizeof(normalizes), 0, normalize};
}  // namespace

BAD_STAGE("bad_drops_text", bad::normalizer("bad.drops_text", normalizes))

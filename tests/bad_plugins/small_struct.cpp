// SPDX-License-Identifier: Apache-2.0
// Describes itself with a table that is too small.
#include "tables.hpp"

namespace {
constexpr calque_stage stage = bad::annotator("bad.small_struct", bad::annotates_nothing);
const calque_stage *const stages[] = {&stage};
constexpr calque_plugin cut_short() {
  calque_plugin p = bad::plugin("bad_small_struct", stages, 1);
  p.struct_size = 24;
  return p;
}
}  // namespace

BAD_PLUGIN(cut_short())

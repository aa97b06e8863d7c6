// SPDX-License-Identifier: Apache-2.0
// Was built for another 0.x minor of the ABI.
#include "tables.hpp"

namespace {
constexpr calque_stage stage = bad::annotator("bad.abi_minor", bad::annotates_nothing);
const calque_stage *const stages[] = {&stage};
constexpr calque_plugin of_last_year() {
  calque_plugin p = bad::plugin("bad_abi_minor", stages, 1);
  p.abi_minor = 0;
  return p;
}
}  // namespace

BAD_PLUGIN(of_last_year())

// SPDX-License-Identifier: Apache-2.0
// Was built for another major of the ABI.
#include "tables.hpp"

namespace {
constexpr calque_stage stage = bad::annotator("bad.abi_major", bad::annotates_nothing);
const calque_stage *const stages[] = {&stage};
constexpr calque_plugin of_the_future() {
  calque_plugin p = bad::plugin("bad_abi_major", stages, 1);
  p.abi_major = 7;
  return p;
}
}  // namespace

BAD_PLUGIN(of_the_future())

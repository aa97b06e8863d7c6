// SPDX-License-Identifier: Apache-2.0
// Crashes in a static constructor.
#include <cstdlib>

#include "tables.hpp"

namespace {
[[maybe_unused]] const int crash = (std::abort(), 0);
}  // namespace

BAD_STAGE("bad_crashes_on_load", bad::annotator("bad.crashes_on_load", bad::annotates_nothing))

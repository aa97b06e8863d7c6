// SPDX-License-Identifier: Apache-2.0
// Ends the process in a static constructor, as if all were well.
#include <unistd.h>

#include "tables.hpp"

namespace {
[[maybe_unused]] const int leave = (_exit(0), 0);
}  // namespace

BAD_STAGE("bad_exits_on_load", bad::annotator("bad.exits_on_load", bad::annotates_nothing))

// SPDX-License-Identifier: Apache-2.0
// Never comes back from a static constructor.
#include <unistd.h>

#include "tables.hpp"

namespace {
int wait_for_ever() {
  while (true) pause();
}
[[maybe_unused]] const int hang = wait_for_ever();
}  // namespace

BAD_STAGE("bad_hangs_on_load", bad::annotator("bad.hangs_on_load", bad::annotates_nothing))

// SPDX-License-Identifier: Apache-2.0
// Prints while it is loaded: rude, but no reason to refuse it.
#include <cstdio>

#include "tables.hpp"

namespace {
[[maybe_unused]] const int greeting = std::puts("{\"hello\": \"calque-description\"}");
}  // namespace

BAD_STAGE("bad_prints_on_load", bad::annotator("bad.prints_on_load", bad::annotates_nothing))

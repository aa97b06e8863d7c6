// SPDX-License-Identifier: Apache-2.0
// Needs a function that nobody has.
#include "tables.hpp"

extern "C" int calque_function_that_nobody_has();

namespace {
[[maybe_unused]] const int value = calque_function_that_nobody_has();
}  // namespace

BAD_STAGE("bad_missing_function", bad::annotator("bad.missing_function", bad::annotates_nothing))

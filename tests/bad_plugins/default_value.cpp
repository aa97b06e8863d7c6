// SPDX-License-Identifier: Apache-2.0
// Has a default that is not of its option's type.
#include "tables.hpp"

namespace {
constexpr calque_option options[] = {
    {"depth", "How deep", "\"deep\"", nullptr, 1, 0, CALQUE_INT, 0},
};
constexpr calque_stage with_options() {
  calque_stage s = bad::annotator("bad.default_value", bad::annotates_nothing);
  s.options = options;
  s.option_count = 1;
  s.option_stride = sizeof(calque_option);
  return s;
}
}  // namespace

BAD_STAGE("bad_default_value", with_options())

// SPDX-License-Identifier: Apache-2.0
// Lets something that is no std::exception out of create.
#include "tables.hpp"

namespace {
calque_status create(const calque_stage *, const calque_config *, const calque_call *, void **) {
  throw 42;
}
constexpr calque_stage with_create() {
  calque_stage s = bad::annotator("bad.throws_from_create", bad::annotates_nothing);
  s.create = create;
  return s;
}
}  // namespace

BAD_STAGE("bad_throws_from_create", with_create())

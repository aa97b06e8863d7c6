// SPDX-License-Identifier: Apache-2.0
// Lets an exception out of run.
#include <stdexcept>

#include "tables.hpp"

namespace {
calque_status annotate(void *, const calque_call *, const calque_document *, calque_layer_writer *) {
  throw std::runtime_error("the sky fell");
}
constexpr calque_annotator_ops annotates{sizeof(annotates), 0, annotate};
}  // namespace

BAD_STAGE("bad_throws", bad::annotator("bad.throws", annotates))

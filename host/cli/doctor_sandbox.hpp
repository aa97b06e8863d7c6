// SPDX-License-Identifier: Apache-2.0
// The part of `calque doctor` that tries to break out of the worker's jail.
#pragma once

#include "host/cli/verbs.hpp"

namespace calque::host {

exit_code doctor_sandbox(program &, const doctor_options &);

}  // namespace calque::host

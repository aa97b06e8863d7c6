// SPDX-License-Identifier: Apache-2.0
// What a run would do, and why, without doing it: nothing is written, no lock is taken.
#pragma once

#include <functional>

#include "host/batch/batch_settings.hpp"
#include "host/batch/planner.hpp"

namespace calque::host {

/// Tells `each` of every input that is asked for, in order. The first worker is started, since what it loads is part of
/// the answer. Codes: those of start_first_worker, state.newer-version.
result<void> dry_run(const batch_settings &, const std::function<void(const named_input &, const decision &)> &each);

}  // namespace calque::host

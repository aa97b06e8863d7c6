// SPDX-License-Identifier: Apache-2.0
// SIGINT, SIGTERM and SIGHUP: a run stops at its next step, cleans up, and then ends as the signal says.
#pragma once

#include "host/document/stage_rules.hpp"

namespace calque::host {

/// From now on a signal sets `flag`, which must live as long as the program. A second signal ends it at once.
void stop_on_signals(stop_flag &flag);

/// The second only counts from now on; the third ends the program.
void expect_two_signals();

/// The first signal that came, or 0.
int signal_that_came();
int signals_that_came();

/// If a signal came: gives it its usual meaning and sends it again, so that the caller of the program sees it.
void pass_on_signal();

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// A worker's side: a process of its own that loads plugins, closes its jail, and takes one input after another.
#pragma once

namespace calque::host {

/// The verb by which the program starts itself as a worker: `calque __worker`, with the channel as descriptor 3.
inline constexpr const char *worker_verb = "__worker";
inline constexpr int worker_channel = 3;

/// Runs until the coordinator says `end`, or is gone. 0 then; nobody looks at it: only a `done` ends a job well.
int run_worker();

/// The same in a thread of the coordinator, for debuggers: without jail, and what kills a worker kills the run.
int run_worker_in_process(int channel_end);

}  // namespace calque::host

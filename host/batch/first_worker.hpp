// SPDX-License-Identifier: Apache-2.0
// The worker that a run begins with: it shows that the stages can be made, and tells what results depend on.
#pragma once

#include <memory>

#include "host/batch/batch_settings.hpp"
#include "host/batch/run_configuration.hpp"
#include "host/batch/worker_process.hpp"
#include "host/worker/worker_ready.hpp"
#include "host/worker/worker_setup.hpp"

namespace calque::host {

/// What every worker of the batch is told.
worker_setup setup_of(const batch_settings &);

struct first_worker {
  std::unique_ptr<worker_process> process;  // ready, and waiting for a job
  worker_ready ready;
  configuration depends;
  stage_fingerprints prints;
};

/// Waits for its answer to the setup, at most a minute. Codes: what the stages report when they are made;
/// run.no-worker, run.no-sandbox (when needs_whole_jail). `staging` is .calque/staging, or -1 when nothing will be
/// written.
result<first_worker> start_first_worker(const batch_settings &, const std::string &setup, int staging,
                                        const std::string &name);

/// The first message of a worker that was started: ready, or why not.
result<worker_ready> await_ready(worker_process &, std::chrono::milliseconds most);

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// A document that ended badly twice, with all that repeats it: `.calque/quarantine/ID`.
#pragma once

#include <optional>
#include <string>

#include "host/worker/job.hpp"
#include "host/worker/worker_setup.hpp"
#include "host/document/diagnostic.hpp"
#include "host/pipeline/run_status.hpp"

namespace calque::host {

struct quarantined {
  worker_setup setup;
  job_order order;
  run_status status = run_status::crashed;
  std::string detail;      // "signal SEGV"
  std::string last_words;  // of the worker
};

/// Writes the bundle into `folder`, which is made: input (a copy from `input_fd`), setup and order (as a worker got
/// them), outcome.json (for people and programs: status, detail, input, plugins with digests), stderr.txt. One of the
/// same input is replaced.
result<void> write_bundle(const std::string &folder, const quarantined &, int input_fd);

/// Code: repro.no-bundle.
result<quarantined> read_bundle(const std::string &folder);
std::string bundle_input(const std::string &folder);

}  // namespace calque::host

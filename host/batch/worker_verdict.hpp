// SPDX-License-Identifier: Apache-2.0
// What the death of a worker means for the document that it had.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "host/batch/budget_watch.hpp"
#include "host/batch/worker_process.hpp"
#include "host/document/diagnostic.hpp"
#include "host/pipeline/run_status.hpp"

namespace calque::host {

struct worker_verdict {
  run_status status = run_status::crashed;
  std::string detail;  // "signal SEGV", "exit 0", "silence", …
  std::string reason;  // of the worker's end, as records say it: crash, timeout, memory, violation, protocol
  diagnostic why;
};

/// `spent`: the budget for which it was killed. `memory`: what it was granted, in bytes.
worker_verdict verdict_of(const worker_death &, const std::optional<spent_budget> &spent, bool broke_protocol,
                          std::uint64_t memory);

}  // namespace calque::host

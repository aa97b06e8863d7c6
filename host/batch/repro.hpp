// SPDX-License-Identifier: Apache-2.0
// A quarantined document once more, alone, as its worker had it.
#pragma once

#include <string>
#include <vector>

#include "host/batch/quarantine.hpp"
#include "host/pipeline/run_status.hpp"

namespace calque::host {

struct repro_outcome {
  run_status status = run_status::crashed;
  std::string detail;
  std::vector<diagnostic> diagnostics;
  std::string last_words;
};

/// Nothing of it is published. `in_process`: in a thread of this process, for a debugger; then a crash is ours.
/// Codes: run.no-worker, and those of reading the bundle's input.
result<repro_outcome> repeat(const quarantined &, const std::string &bundle, const std::string &program, bool in_process);

}  // namespace calque::host

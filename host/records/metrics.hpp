// SPDX-License-Identifier: Apache-2.0
// The totals of a run as Prometheus' textfile collector reads them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/document/diagnostic.hpp"

namespace calque::host {

struct run_totals {
  std::string pipeline;
  std::uint64_t completed = 0;  // seconds since 1970, when the run ended
  bool is_success = false;      // it did all that it was asked to
  double seconds = 0;
  std::vector<std::pair<std::string, std::uint64_t>> documents;        // by status
  std::vector<std::pair<std::string, std::uint64_t>> worker_restarts;  // by reason
  std::uint64_t quarantined = 0, state_bytes = 0;
  int exit_code = 0;
};

/// The exposition, ending with a line feed; `old` is what the file had before: the time of the last success is kept
/// from there, for the same pipeline, when this run is none. 0: there never was one.
std::string metrics_text(const run_totals &, std::string_view old);

/// Replaces the file, so that whoever reads it sees the old totals or the new ones. Codes: those of write_durably.
result<void> write_metrics(const std::string &path, const run_totals &);

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Finds the records that a verb is asked for: of an output folder, of one run in it, of a file.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "host/document/diagnostic.hpp"

namespace calque::host {

/// The records of one run.
struct run_place {
  std::string id;      // the name of its folder
  std::string folder;  // …/.calque/runs/ID
  std::string events;  // the file events.ndjson
};

/// The runs of an output folder, the oldest first; of a folder runs/ID that one; of a file the run that it is of.
/// Takes no lock. Code: run.no-records, when there is none.
result<std::vector<run_place>> find_records(const std::string &path);

/// events.ndjson of the run before this one in the same output folder; empty when there is none.
std::string events_before(const run_place &);

/// What a list of runs says of one.
struct run_summary {
  std::string time, pipeline, outcome;  // outcome: empty when the run goes on or was killed
  double took = 0;                      // milliseconds
  std::uint64_t inputs = 0, documents = 0;
  std::vector<std::pair<std::string, std::uint64_t>> counts;  // by status, in the order of status_words()
};

/// From the first and the last event where the run has ended, else from all of them.
result<run_summary> summarize_run(const run_place &);

}  // namespace calque::host

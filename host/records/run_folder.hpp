// SPDX-License-Identifier: Apache-2.0
// Where the records of runs lie, below OUTPUT/.calque/runs: making such a folder, finding runs, forgetting old ones.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/document/diagnostic.hpp"

namespace calque::host {

struct run_folder {
  std::string id;    // 20260301T020000Z-4711
  std::string path;  // OUTPUT/.calque/runs/ID
  std::string events() const { return path + "/events.ndjson"; }
  std::string report() const { return path + "/report.html"; }
};

/// The name of a run: when it began, in UTC, and its process. Names sort by time.
std::string run_id(std::time_t start, pid_t process);
/// True for what run_id makes.
bool is_run_id(std::string_view name);

/// Makes the folder of a run that begins now, and the ones above it. If that name is taken, because a system gives a
/// number of a process twice within a second, the next free second is the run's. No symbolic link is followed.
/// Codes: those of output_failure.
result<run_folder> make_run_folder(const std::string &output, std::time_t start, pid_t process);

/// All runs, the oldest first; empty when there are none. Other things in the folder are passed over.
std::vector<run_folder> find_runs(const std::string &output);
/// The run of that id, or the latest.
std::optional<run_folder> find_run(const std::string &output, std::string_view id);
std::optional<run_folder> last_run(const std::string &output);
/// The latest run that came to an end, whatever the end.
std::optional<run_folder> last_finished_run(const std::string &output);
/// True when the events of a run say that it finished. A run that goes on, or was killed, did not.
bool is_finished(const run_folder &);

/// Removes the oldest runs until `most` are left, and returns the ids of those removed. `running` counts, and is never
/// removed. What cannot be removed stays, and is not returned.
std::vector<std::string> keep_runs(const std::string &output, std::size_t most, std::string_view running);

}  // namespace calque::host

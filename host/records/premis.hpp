// SPDX-License-Identifier: Apache-2.0
// The events of a run as PREMIS 3.0: its files as objects, what was done to them as events, who did it as agents.
#pragma once

#include <string>

#include "host/document/diagnostic.hpp"

namespace calque::host {

/// Reads `events_path` (docs/run-records.md) twice, a line at a time, and writes `target_path`: nothing that grows with
/// the number of documents is held in memory. A last line that is cut off, in a run that was killed, is passed over.
/// Says what that run did: documents that were up to date are objects without events.
/// Codes: run.bad-events, and those of output_failure.
result<void> write_premis(const std::string &events_path, const std::string &target_path);

}  // namespace calque::host

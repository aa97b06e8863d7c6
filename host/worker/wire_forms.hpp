// SPDX-License-Identifier: Apache-2.0
// How the host's plain values stand in messages and in the state file. What `read` gives is only worth something when
// the reader is sound afterwards.
#pragma once

#include <vector>

#include "host/worker/wire.hpp"
#include "host/document/diagnostic.hpp"
#include "host/document/ledger.hpp"
#include "host/pipeline/stage_memory.hpp"

namespace calque::host {

void write(wire_writer &, const diagnostic &);
diagnostic read_diagnostic(wire_reader &);
void write(wire_writer &, const std::vector<diagnostic> &);
std::vector<diagnostic> read_diagnostics(wire_reader &);

void write(wire_writer &, const ledger &);
ledger read_ledger(wire_reader &);

void write(wire_writer &, const known_file &);
known_file read_known_file(wire_reader &);

void write(wire_writer &, const stage_result &);
stage_result read_stage_result(wire_reader &);

}  // namespace calque::host

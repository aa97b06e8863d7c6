// SPDX-License-Identifier: Apache-2.0
// One input as a worker is told of it, and what the worker says when it has done it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/document/diagnostic.hpp"
#include "host/document/ledger.hpp"
#include "host/pipeline/run_status.hpp"
#include "host/pipeline/stage_memory.hpp"

namespace calque::host {

struct job_order {
  std::string path, name, media_type;  // of the input
  std::string dir, stem;               // for the names of outputs
  sha256_digest sha256{};
  std::uint64_t size = 0;
  std::vector<stage_result> known;    // of an earlier run
  std::vector<known_file> in_place;   // outputs that lie where they should
};

enum class stage_action : std::uint8_t { ran, reused, skipped };
std::string_view name_of(stage_action);

struct stage_time {
  std::uint32_t stage = 0;  // index in the pipeline + 1; 0: the importer that was chosen
  stage_action action = stage_action::ran;
  double milliseconds = 0;  // of all parts
};

/// An output. `staged` is its name in the worker's staging folder, and `xxh3` that of the bytes which were written
/// there; empty: it lies in place already.
struct reported_file {
  known_file file;
  std::uint32_t stage = 0;  // index in the pipeline + 1
  std::uint32_t part = 1;
  std::string staged;
  short_digest xxh3{};
};

struct job_report {
  run_status status = run_status::failed;
  std::string importer;
  std::vector<run_status> parts;
  std::vector<stage_time> stages;
  std::vector<reported_file> files;  // empty unless is_done(status)
  std::vector<stage_result> results;
  std::vector<diagnostic> diagnostics;
  ledger account;
  std::string found;  // what --found prints
  std::uint64_t peak_kib = 0, resident_kib = 0;
  std::string changes;  // in the worker's process: "umask"; if any, it takes no further job
};

std::string to_wire(const job_order &);
std::optional<job_order> read_job_order(std::string_view);
std::string to_wire(const job_report &);
/// Nothing when it is no sound report: names of files that leave their folder among that.
std::optional<job_report> read_job_report(std::string_view);

}  // namespace calque::host

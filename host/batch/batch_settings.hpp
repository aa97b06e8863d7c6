// SPDX-License-Identifier: Apache-2.0
// What a batch is asked to do, what it tells meanwhile, and what came of it.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "host/batch/event_writer.hpp"
#include "host/jail/jail.hpp"
#include "host/pipeline/input_files.hpp"
#include "host/pipeline/pipeline.hpp"
#include "host/plugins/plugin_catalog.hpp"

namespace calque::host {

struct batch_settings {
  const pipeline *whole = nullptr;  // both outlive the batch
  const plugin_catalog *catalog = nullptr;
  std::vector<named_input> inputs;  // all of them, in order
  bool is_all = true;               // they are what [input] names: an input with a record that is not there has vanished
  std::string output;               // the folder
  std::string state_folder;         // empty: <output>/.calque
  std::string cache_folder;         // empty: no documents are kept
  std::string host;                 // name and version of this program, for the records
  std::string program;              // what is started as a worker
  std::vector<std::string> command; // as it was typed, for the records
  unsigned workers = 1;
  std::uint64_t most_failures = 0;  // 0: go on whatever fails
  std::uint64_t most_documents = 0; // 0: all
  std::vector<std::string> only;    // globs of inputs; the others are skipped
  bool is_forced = false, is_pruning = false, is_durable = true;
  bool has_fresh_workers = false, has_jail = true, needs_whole_jail = false, is_in_process = false;
  bool wants_found = false;
  unsigned newest_landlock = ~0u;
  std::chrono::milliseconds patience{0};      // for the lock
  std::chrono::milliseconds grace{10'000};    // for what is being done when it is asked to stop
  std::uint64_t documents_a_worker = 500;
  std::uint64_t growth_kib = 512 * 1024;      // of a worker's memory, before it is replaced
  int events_fd = -1;                         // a further target for events
  std::function<bool()> is_stopped;           // asked to stop
  std::function<bool()> is_hurried;           // asked again: without grace; may be empty
};

/// Told of a batch as it goes; everything from the thread that runs it.
class batch_watcher {
 public:
  virtual ~batch_watcher() = default;
  virtual void document_began(unsigned worker, const std::string &path, std::uint64_t bytes) = 0;
  virtual void stage_began(unsigned worker, std::string_view stage) = 0;
  virtual void document_given_back(unsigned worker) = 0;  // to be tried again
  virtual void document_ended(const input_end &) = 0;
  virtual void found(std::string_view text) = 0;
  virtual void notice(const diagnostic &) = 0;
  virtual void tick() = 0;
};

enum class batch_outcome { finished, max_failures, interrupted, disk_full, io_error };
std::string_view name_of(batch_outcome);

struct batch_totals {
  batch_outcome outcome = batch_outcome::finished;
  std::array<std::uint64_t, run_status_count> counts{};
  std::uint64_t files_written = 0, bytes_written = 0, quarantined = 0, flaky = 0, state_bytes = 0;
  std::map<std::string, std::uint64_t> worker_restarts;
  std::vector<std::string> vanished;  // inputs that are gone; their outputs are still there unless is_pruning
  std::string run_folder, run_id;
  std::string tier;                   // of the jail
  double seconds = 0;

  std::uint64_t count(run_status status) const { return counts[static_cast<std::size_t>(status)]; }
};

}  // namespace calque::host

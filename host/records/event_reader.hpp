// SPDX-License-Identifier: Apache-2.0
// Reads the records of a run, events.ndjson, an event at a time. docs/run-records.md has the form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "host/records/json_line.hpp"
#include "host/document/diagnostic.hpp"

namespace calque::host {

struct run_started {
  struct stage {
    std::string name, role, id, version, plugin, digest;
  };
  std::string schema, run, time, host, build, pipeline, pipeline_file, pipeline_digest, output;
  std::vector<std::string> command;
  std::uint64_t inputs = 0, workers = 0, pid = 0;
  std::string sandbox_tier;
  std::uint64_t landlock_abi = 0;
  bool seccomp = false;
  std::vector<std::string> sandbox_missing;
  std::uint64_t total_ms = 0, silence_ms = 0, memory = 0;  // budgets; 0: not said
  std::vector<stage> stages;
};

struct input_finished {
  struct stage_time {
    std::string name, action;
    double ms = 0;
  };
  struct message {
    std::string level, code, text, hint, stage;
    std::uint64_t line = 0, column = 0;
  };
  struct loss {
    std::string stage, code, thing, effect;
    std::uint64_t count = 0, letters_before = 0, letters_after = 0, bytes = 0;
  };
  double at = 0, began = 0, took = 0;  // milliseconds
  std::string input, status, detail, reason, quarantine, stderr_tail;
  std::string replaces;  // the status of an end that this input had before; empty: this is the first
  std::uint64_t bytes = 0, attempt = 0, peak_kib = 0;
  std::optional<std::uint64_t> worker;  // none was given to it
  bool is_flaky = false;
  std::vector<stage_time> stages;
  std::vector<message> messages;
  std::vector<std::pair<std::string, std::uint64_t>> folded;  // code, and how many came
  std::vector<loss> losses;
  std::uint64_t files = 0, files_bytes = 0;

  /// Where the failure lies: the first error, else the first message; null when there is none.
  const message *cause() const;
};

struct worker_started {
  double at = 0;
  std::uint64_t worker = 0, pid = 0;
};

struct worker_ended {
  double at = 0;
  std::uint64_t worker = 0, pid = 0, documents = 0;
  std::string reason;
};

struct run_notice {
  double at = 0;
  std::string level, code, text, hint;
};

struct run_finished {
  double at = 0;
  std::string outcome;
  std::uint64_t exit = 0, files_written = 0, bytes_written = 0;
  std::vector<std::pair<std::string, std::uint64_t>> counts, worker_restarts;
};

using run_event = std::variant<run_started, input_finished, worker_started, worker_ended, run_notice, run_finished>;

/// Holds one line at a time, whatever the file. Takes no lock, so it may read while the run writes: a last line
/// without its end is left for later readers. Events of other names are passed over, and so are lines that are no
/// event at all, which are counted.
class event_reader {
 public:
  static constexpr std::size_t longest_line = std::size_t{16} << 20;

  /// Codes: run.no-records, run.unreadable-records (also for a schema of another major).
  static result<event_reader> open(const std::string &path);
  event_reader(event_reader &&other) noexcept;
  event_reader &operator=(event_reader &&) = delete;
  ~event_reader();

  /// The next event; none at the end, or when reading failed.
  std::optional<run_event> next();
  /// The line of the event that came last, without its end; valid until the next one.
  std::string_view line() const { return line_; }

  std::uint64_t damaged_lines() const { return damaged_; }
  /// The end came in the middle of a line: the run is going on, or was killed.
  bool ends_in_a_line() const { return ends_in_a_line_; }
  /// True when reading broke off for an error of the system.
  bool broke_off() const { return broke_off_; }

 private:
  event_reader(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  std::optional<run_event> read_next();
  bool take_line();
  bool fill();

  int fd_;
  std::string path_, buffer_, line_;
  std::size_t used_ = 0;  // of buffer_, by lines that were given out
  json_line json_;
  std::optional<run_event> ahead_;  // the first, which open() has looked at
  std::uint64_t damaged_ = 0;
  bool ends_in_a_line_ = false, broke_off_ = false;
};

}  // namespace calque::host

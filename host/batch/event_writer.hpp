// SPDX-License-Identifier: Apache-2.0
// Writes the events of a run as they happen; docs/run-records.md has their form.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/worker/job.hpp"
#include "host/batch/planner.hpp"
#include "host/system/descriptor.hpp"

namespace calque::host {

class json_writer;

/// An input at its end, as `input-finished` says it. All that is pointed to lives as long as the call.
struct input_end {
  std::uint32_t index = 0;  // in the order of the inputs
  std::string_view path;
  run_status status = run_status::not_run;
  std::string detail;
  const decision *plan = nullptr;      // null: it was never looked at
  const job_report *report = nullptr;  // null: no worker came to an end with it
  std::vector<diagnostic> diagnostics; // in place of the report's
  std::vector<std::string> removed;
  unsigned worker = 0, attempt = 1;
  std::chrono::nanoseconds began{0}, took{0};
  std::uint64_t peak_kib = 0;
  std::string quarantine, last_words;
  bool is_flaky = false;
  std::optional<run_status> replaces;  // it had this end before, and has lost its outputs to another input since
};

/// Errors of writing stop nothing: records are no editions. They are told once, by `trouble`.
class event_writer {
 public:
  using clock = std::chrono::steady_clock;

  /// `stages`: the names in the pipeline, by index. Events go to all descriptors.
  event_writer(std::vector<std::string> stages, clock::time_point began);
  void add_target(descriptor to) { targets_.push_back(std::move(to)); }

  /// `event` and the members of `fields`; `at` is added but for run-started.
  void write(std::string_view event, const nlohmann::ordered_json &fields);
  void write(const input_end &);
  /// Nothing is kept back longer than until the next call of this.
  void flush();
  /// The errno of the first write that failed; 0: none.
  int trouble() const { return trouble_; }

  double milliseconds(clock::time_point) const;

 private:
  void write_report(json_writer &, const job_report &, bool with_files) const;

  std::vector<std::string> stages_;
  const clock::time_point began_;
  std::vector<descriptor> targets_;
  std::string pending_;
  std::uint64_t next_ = 0;
  int trouble_ = 0;
};

}  // namespace calque::host

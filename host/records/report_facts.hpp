// SPDX-License-Identifier: Apache-2.0
// What a report says, in numbers: folded from the events one by one, so that no event has to be kept.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "host/records/document_rows.hpp"
#include "host/records/event_reader.hpp"
#include "host/records/failure_groups.hpp"
#include "host/records/run_changes.hpp"
#include "host/records/spread.hpp"
#include "host/records/timeline.hpp"

namespace calque::host {

struct stage_facts {
  std::uint64_t ran = 0, reused = 0, skipped = 0;
  spread times;  // of those that ran
};

struct worker_facts {
  std::uint64_t started = 0;
  std::map<std::string, std::uint64_t> ends;  // by reason
};

struct slow_document {
  std::string input, status, slowest_stage;
  double took = 0, slowest_ms = 0;
  std::uint64_t peak_kib = 0, bytes = 0;
};

struct warning_facts {
  std::uint64_t count = 0, documents = 0;
  std::string message;  // the first
};

struct loss_facts {
  std::uint64_t count = 0, letters_before = 0, letters_after = 0, bytes = 0, documents = 0;
};

struct report_facts {
  static constexpr std::size_t most_slow = 20;
  static constexpr std::size_t most_codes = 500;  // of warnings and of losses each; hostile plugins invent them
  static constexpr std::size_t most_words = 24;   // of statuses and of reasons
  static constexpr std::size_t most_notices = 20;

  run_started start;
  std::optional<run_finished> finish;
  std::map<std::string, std::uint64_t> statuses, reasons;
  std::uint64_t documents = 0, fine = 0, failed = 0, untried = 0;
  std::uint64_t files = 0, files_bytes = 0, input_bytes = 0, quarantined = 0, flaky = 0;
  double last_at = 0;
  failure_groups failures;
  std::map<std::pair<std::string, std::string>, warning_facts> warnings;  // by code and stage
  std::map<std::tuple<std::string, std::string, std::string, std::string>, loss_facts>
      losses;  // stage, code, thing, effect
  std::vector<run_notice> notices;
  std::uint64_t notice_count = 0;
  std::map<std::string, stage_facts> stages;
  spread times, peaks;  // of documents that a worker was given; peaks in KiB
  std::map<std::uint64_t, worker_facts> workers;
  timeline when;
  document_rows rows;
  std::optional<earlier_run> before;
  std::string before_trouble;  // why there is none, though one was named
  run_changes changes;
  std::uint64_t damaged_lines = 0;
  bool ends_in_a_line = false, broke_off = false;

  void add(const run_event &);
  /// The slowest documents, the slowest first.
  std::vector<slow_document> slowest() const;

 private:
  void add_input(const input_finished &);
  void add_messages(const input_finished &);
  void keep_if_slow(const input_finished &);
  void take_back(const std::string &status);
  std::vector<slow_document> slow_;  // a heap, the quickest on top
};

/// Reads `events`, and `before`, the records of the run before, where it names a file. Codes: those of
/// event_reader::open, and run.no-records when there is no event in the file.
result<report_facts> gather_facts(const std::string &events, const std::string &before);

}  // namespace calque::host

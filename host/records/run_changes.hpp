// SPDX-License-Identifier: Apache-2.0
// What is otherwise than in the run before: documents that fail now, or no longer, and what the runs were made with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/records/event_reader.hpp"
#include "host/records/status_words.hpp"

namespace calque::host {

/// What the changes need of the run before: its start, and eight bytes a document.
class earlier_run {
 public:
  void add(const run_event &);
  /// After the last event.
  void close();
  std::optional<verdict> find(std::string_view input) const;
  const run_started &start() const { return start_; }
  std::uint64_t documents() const { return ends_.size(); }
  bool has_finished() const { return has_finished_; }

 private:
  run_started start_;
  std::vector<std::uint64_t> ends_;  // digest of the input's name; the last two bits are the verdict
  bool has_finished_ = false;
};

struct run_changes {
  static constexpr std::size_t most_samples = 20;
  struct sample {
    std::string input, status, code, stage;
  };
  std::uint64_t newly_failing = 0;    // was fine
  std::uint64_t new_and_failing = 0;  // was not there
  std::uint64_t still_failing = 0, mended = 0, new_inputs = 0, seen = 0;
  std::vector<sample> newly_failing_samples, mended_samples;

  void add(const input_finished &, const earlier_run &);
};

/// "tei: 0.1.0 → 0.2.0": host, pipeline and plugins that differ between two runs, a line each.
std::vector<std::string> changed_makings(const run_started &before, const run_started &now);

}  // namespace calque::host

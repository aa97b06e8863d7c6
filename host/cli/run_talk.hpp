// SPDX-License-Identifier: Apache-2.0
// What `calque run` says while it goes on: progress, failures as they come, repeats only counted.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "host/batch/batch_settings.hpp"
#include "host/records/progress.hpp"
#include "host/cli/exit_codes.hpp"
#include "host/cli/program.hpp"

namespace calque::host {

struct told_failure {
  std::string path, status, code;
  exit_code meaning = exit_code::some_failed;
};

class run_talk final : public batch_watcher {
 public:
  run_talk(program &, unsigned workers, const std::vector<named_input> &inputs);
  /// How long documents took in an earlier run, from its records.
  void learn_from(const std::string &events);

  void document_began(unsigned worker, const std::string &path, std::uint64_t bytes) override;
  void stage_began(unsigned worker, std::string_view stage) override;
  void document_given_back(unsigned worker) override;
  void document_ended(const input_end &) override;
  void found(std::string_view text) override { p_.data(text); }
  void notice(const diagnostic &) override;
  void tick() override;

  /// Ends the progress, and says how many of what was shown but once came in all. `folder` is for the command that
  /// shows them.
  void end(const std::string &folder);
  const std::vector<told_failure> &failures() const { return failures_; }
  std::size_t failure_count() const { return failure_count_; }
  /// All failures mean one exit code: that one; else some_failed.
  exit_code meaning() const { return meaning_; }
  struct slow_document {
    double seconds;
    std::string path;
  };
  const std::vector<slow_document> &slowest() const { return slowest_; }

 private:
  double now() const;
  void show(const input_end &);

  program &p_;
  const std::chrono::steady_clock::time_point began_;
  progress_view view_;
  std::vector<std::uint64_t> sizes_;            // of the inputs
  std::map<std::string, std::uint64_t> shown_;  // by code and stage
  std::vector<told_failure> failures_;          // the first few
  std::size_t failure_count_ = 0;
  exit_code meaning_ = exit_code::ok;
  std::vector<slow_document> slowest_;
};

}  // namespace calque::host

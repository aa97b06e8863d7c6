// SPDX-License-Identifier: Apache-2.0
// Failures by cause: the same code of the same stage is one group, however many documents it hit.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "host/records/event_reader.hpp"

namespace calque::host {

struct failure_sample {
  std::string input, message, quarantine;
  bool is_flaky = false;
};

struct failure_group {
  std::string code, stage;  // code: a status with its detail ("crashed: signal SEGV") where no message came
  bool is_code = false;
  std::string message, hint;  // of the first
  std::uint64_t count = 0;
  std::map<std::string, std::uint64_t> statuses;
  std::vector<failure_sample> samples;  // the first most_samples
};

/// "record" of "record (calque.record 0.1.0)": the version would split what has one cause.
std::string stage_name(const std::string &stage);

/// What the table of documents and the groups call the cause of an outcome.
std::pair<std::string, std::string> cause_of(const input_finished &);  // code, stage

class failure_groups {
 public:
  static constexpr std::size_t most_samples = 20;
  static constexpr std::size_t most_groups = 500;

  void add(const input_finished &);
  /// The most frequent first, then by code and stage.
  std::vector<const failure_group *> by_size() const;
  /// Failures of causes beyond most_groups.
  std::uint64_t left_out() const { return left_out_; }

 private:
  std::map<std::pair<std::string, std::string>, failure_group> groups_;
  std::uint64_t left_out_ = 0;
};

}  // namespace calque::host

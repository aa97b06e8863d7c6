// SPDX-License-Identifier: Apache-2.0
// What each worker did when: document by document for small runs, in bins of equal length for others.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace calque::host {

class timeline {
 public:
  static constexpr std::size_t most_spans = 2000;
  static constexpr std::size_t most_bins = 256;
  static constexpr std::size_t most_lanes = 32;

  struct span {
    double began = 0, took = 0;
    bool failed = false;
  };
  struct bin {
    double busy = 0;  // milliseconds
    std::uint32_t failures = 0;
  };
  struct lane {
    std::vector<span> spans;  // empty when there were too many in all
    std::vector<bin> bins;
    double busy = 0;
    std::uint64_t documents = 0, failures = 0;
  };

  void add(std::uint64_t worker, double began, double took, bool failed);

  bool is_binned() const { return documents_ > most_spans; }
  /// By worker. Beyond most_lanes workers are only counted in left_out().
  const std::map<std::uint64_t, lane> &lanes() const { return lanes_; }
  std::uint64_t left_out() const { return left_out_; }
  double bin_ms() const { return bin_ms_; }
  double end() const { return end_; }

 private:
  void widen_bins();

  std::map<std::uint64_t, lane> lanes_;
  std::uint64_t documents_ = 0, left_out_ = 0;
  double bin_ms_ = 1, end_ = 0;
};

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// How a figure is spread over many documents: median, 95th percentile, maximum and sum.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace calque::host {

/// Percentiles are by nearest rank, so each is a value that a document had. Four bytes a value.
class spread {
 public:
  void add(double value) {
    values_.push_back(static_cast<float>(value));
    sum_ += value;
    max_ = std::max(max_, value);
  }
  std::size_t count() const { return values_.size(); }
  double sum() const { return sum_; }
  double max() const { return max_; }
  /// `share` between 0 and 1; 0 when there are no values. Reorders what is held.
  double percentile(double share) {
    if (values_.empty()) return 0;
    const double rank = std::ceil(share * static_cast<double>(values_.size()));
    const std::size_t at = rank < 1 ? 0 : std::min(static_cast<std::size_t>(rank) - 1, values_.size() - 1);
    std::nth_element(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(at), values_.end());
    return static_cast<double>(values_[at]);
  }

 private:
  std::vector<float> values_;
  double sum_ = 0, max_ = 0;
};

}  // namespace calque::host

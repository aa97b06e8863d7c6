// SPDX-License-Identifier: Apache-2.0
// What each worker did when.
#include "host/records/timeline.hpp"

#include <algorithm>

namespace calque::host {

// Nobody knows the length of a run before its end, so bins begin narrow, and two become one whenever the run has grown
// out of them: memory stays the same, and no event has to be kept.
void timeline::widen_bins() {
  bin_ms_ *= 2;
  for (auto &[worker, one] : lanes_) {
    const std::size_t half = (one.bins.size() + 1) / 2;
    for (std::size_t k = 0; k < half; ++k) {
      bin sum = one.bins[2 * k];
      if (2 * k + 1 < one.bins.size()) {
        sum.busy += one.bins[2 * k + 1].busy;
        sum.failures += one.bins[2 * k + 1].failures;
      }
      one.bins[k] = sum;
    }
    one.bins.resize(half);
  }
}

void timeline::add(std::uint64_t worker, double began, double took, bool failed) {
  // A year: more is no time of a run, and each doubling of the bins must come to an end.
  constexpr double longest = 3.2e10;
  began = std::clamp(began, 0.0, longest);
  took = std::clamp(took, 0.0, longest);
  if (!lanes_.contains(worker) && lanes_.size() == most_lanes) {
    ++left_out_;
    return;
  }
  lane &to = lanes_[worker];
  ++to.documents;
  to.failures += failed ? 1 : 0;
  to.busy += took;
  const double end = began + took;
  end_ = std::max(end_, end);
  while (end >= bin_ms_ * static_cast<double>(most_bins)) widen_bins();
  const auto last = static_cast<std::size_t>(end / bin_ms_);
  if (to.bins.size() <= last) to.bins.resize(last + 1);
  for (auto k = static_cast<std::size_t>(began / bin_ms_); k <= last; ++k) {
    const double from = std::max(began, bin_ms_ * static_cast<double>(k));
    const double until = std::min(end, bin_ms_ * static_cast<double>(k + 1));
    to.bins[k].busy += std::max(until - from, 0.0);
  }
  to.bins[last].failures += failed ? 1 : 0;
  if (++documents_ <= most_spans)
    to.spans.push_back({began, took, failed});
  else if (documents_ == most_spans + 1)
    for (auto &[known, one] : lanes_) one.spans = {};
}

}  // namespace calque::host

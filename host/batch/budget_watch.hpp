// SPDX-License-Identifier: Apache-2.0
// Whether a document has used up its time: in all, in its stage, or in silence.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "host/pipeline/pipeline.hpp"

namespace calque::host {

struct spent_budget {
  bool is_silence = false;  // else total
  std::string stage;        // its own total or silence; empty: the pipeline's
  std::chrono::milliseconds granted{0}, used{0};
};

/// Told from time to time what a worker shows of itself. Times are of the monotonic clock, and are given: nothing is
/// read here.
class budget_watch {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  budget_watch(const pipeline &, time_point began);

  /// `stage` is the index + 1, as in worker_status.
  std::optional<spent_budget> look(std::uint64_t calls, std::uint32_t stage, std::uint32_t stages_begun, time_point now);
  /// When it makes sense to look again.
  std::chrono::milliseconds pause() const { return pause_; }

 private:
  const pipeline *whole_;
  time_point began_, stage_began_, last_sign_;
  std::uint64_t calls_ = 0;
  std::uint32_t stages_begun_ = 0;
  std::chrono::milliseconds pause_;
};

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// What a plugin may have changed about its process. A worker that is not as it was goes after the document.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "host/system/descriptor.hpp"

namespace calque::host {

/// Working folder, umask, signal mask and handlers, rounding mode, timer, locale, environment, descriptors and threads.
/// Costs some microseconds.
class worker_condition {
 public:
  /// Opens what it looks at, so before the jail is closed.
  worker_condition();

  struct state {
    std::vector<std::pair<const char *, std::string>> fields;  // name and value
    std::uint64_t resident_kib = 0;                            // memory
    mode_t umask = 0;
  };
  state look() const;

  /// From now on this is how the process should be.
  void settle() { settled_ = look(); }
  /// What is not as it was settled: "umask, threads"; empty: nothing.
  std::string changes(const state &now) const;

 private:
  descriptor self_;  // /proc/self/status
  state settled_;
};

}  // namespace calque::host

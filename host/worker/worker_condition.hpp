// SPDX-License-Identifier: Apache-2.0
// What a plugin may have changed about its process. A worker that is not as it was goes after the document.
#pragma once

#include <cstdint>
#include <string>

#include "host/system/descriptor.hpp"

namespace calque::host {

/// Working folder, umask, signal mask and handlers, rounding mode, timers, locale, environment, descriptors and
/// threads, as text to compare. Costs some microseconds.
class worker_condition {
 public:
  /// Opens what it looks at, so before the jail is closed.
  worker_condition();

  std::string now() const;
  /// Resident memory.
  std::uint64_t resident_kib() const;

 private:
  descriptor self_;  // /proc/self/status
};

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// One run at a time in a folder of outputs: a lock that the kernel drops with its holder, however that ends.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "host/document/diagnostic.hpp"
#include "host/system/descriptor.hpp"

namespace calque::host {

class run_lock {
 public:
  /// Takes the lock of that file, which is made and stays. Waits for it as long as `patience`; `is_stopped` ends that.
  /// Code: run.locked, which names the holder; output.* when the file cannot be made.
  static result<run_lock> take(const std::string &path, std::chrono::milliseconds patience,
                               const std::function<bool()> &is_stopped);
  run_lock(run_lock &&) = default;
  ~run_lock();  // the name goes before the lock does: the next one is not to be taken for this one

 private:
  explicit run_lock(descriptor file) : file_(std::move(file)) {}
  descriptor file_;
};

}  // namespace calque::host

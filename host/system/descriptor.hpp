// SPDX-License-Identifier: Apache-2.0
// A file descriptor that is closed once, by whoever holds it last.
#pragma once

#include <unistd.h>

#include <utility>

#include "host/system/sanitizer.hpp"

namespace calque::host {

// The thread sanitizer's own, for accesses that it must not judge.
extern "C" void AnnotateIgnoreWritesBegin(const char *file, int line);
extern "C" void AnnotateIgnoreWritesEnd(const char *file, int line);

/// Close, unjudged by the thread sanitizer: it knows open(2), but neither openat(2) nor memfd_create(2) nor pidfd_open(2), so
/// a number that the kernel gives to a thread right after another closed it looks to it like a race of the two.
inline void close_descriptor(int number) {
  if constexpr (has_thread_sanitizer) AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
  ::close(number);
  if constexpr (has_thread_sanitizer) AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
}

class descriptor {
 public:
  explicit descriptor(int number = -1) : number_(number) {}
  descriptor(descriptor &&other) noexcept : number_(other.release()) {}
  descriptor &operator=(descriptor &&other) noexcept {
    if (this != &other) {
      close();
      number_ = other.release();
    }
    return *this;
  }
  ~descriptor() { close(); }

  /// -1 when there is none.
  int operator*() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  /// Gives it up without closing it.
  int release() { return std::exchange(number_, -1); }
  void close() {
    if (number_ >= 0) close_descriptor(std::exchange(number_, -1));
  }

 private:
  int number_;
};

}  // namespace calque::host

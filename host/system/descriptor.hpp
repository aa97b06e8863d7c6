// SPDX-License-Identifier: Apache-2.0
// A file descriptor that is closed once, by whoever holds it last.
#pragma once

#include <unistd.h>

#include <utility>

namespace calque::host {

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
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

}  // namespace calque::host

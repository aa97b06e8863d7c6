// SPDX-License-Identifier: Apache-2.0
// A page of memory that worker and coordinator share: what the worker is doing, and how it died.
#pragma once

#include <atomic>
#include <cstdint>

#include "host/system/descriptor.hpp"

namespace calque::host {

/// Written by the worker, read by the coordinator, which believes none of it beyond what it may cost: a false `calls`
/// hides a silence, and the total ends it all the same.
struct worker_status {
  std::atomic<std::uint64_t> calls;  // of the host, by stages: the heartbeat
  std::atomic<std::uint32_t> stage;  // index in the pipeline + 1; 0: none, or the importer that was chosen
  std::atomic<std::uint32_t> stages_begun;
  std::atomic<std::uint32_t> out_of_memory;   // an allocation failed at the limit
  std::atomic<std::uint32_t> signal;          // that ends it
  std::atomic<std::uint32_t> near_stack_end;  // the fault lies where a stack has run out
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

/// The page mapped into this process.
class status_page {
 public:
  status_page() = default;
  status_page(status_page &&other) noexcept : fd_(std::move(other.fd_)), page_(std::exchange(other.page_, nullptr)) {}
  status_page &operator=(status_page &&other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(page_, other.page_);
    return *this;
  }
  ~status_page();

  /// A new one, that no other process can shorten; false with errno set.
  bool make();
  /// The one behind a descriptor that was received.
  bool map(descriptor);

  int fd() const { return *fd_; }
  worker_status *operator->() const { return page_; }
  worker_status &operator*() const { return *page_; }
  explicit operator bool() const { return page_ != nullptr; }

 private:
  descriptor fd_;
  worker_status *page_ = nullptr;
};

}  // namespace calque::host

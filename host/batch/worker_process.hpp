// SPDX-License-Identifier: Apache-2.0
// A worker as the coordinator has it: started, spoken to, watched, ended.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "host/worker/channel.hpp"
#include "host/worker/status_page.hpp"
#include "host/system/descriptor.hpp"

namespace calque::host {

/// How a worker's process came to its end.
struct worker_death {
  bool by_signal = false;
  int number = 0;  // signal, or exit code
  bool out_of_memory = false, near_stack_end = false;
  std::uint64_t peak_kib = 0;
};

/// In a process group of its own, with a staging folder of its own, and nothing of ours but the channel.
class worker_process {
 public:
  /// `staging` is .calque/staging; the worker gets the folder `name` in it. -1: none, and it can write nothing. Null with errno set when it cannot be
  /// started. `in_process`: a thread of this process in place of a process, for debuggers; it cannot be killed.
  static std::unique_ptr<worker_process> start(const std::string &program, int staging, const std::string &name,
                                               std::string_view setup, bool in_process);
  ~worker_process();
  worker_process(const worker_process &) = delete;
  worker_process &operator=(const worker_process &) = delete;

  pid_t pid() const { return pid_; }
  const std::string &name() const { return name_; }
  channel &to() { return channel_; }
  const worker_status &status() const { return *page_; }
  /// Readable when the process has ended.
  int ended_fd() const { return *ended_; }
  /// What it printed; -1 when it has closed that.
  int talk_fd() const { return *talk_; }
  /// Takes what was printed; the last 64 KiB are kept.
  void drain();
  const std::string &last_words() const { return words_; }

  /// SIGKILL to the whole group.
  void kill();
  /// Waits for the process, which has ended or was killed; the rest of its group goes with it.
  worker_death reap();
  bool is_thread() const { return thread_.joinable(); }

 private:
  worker_process(std::string name, channel to) : name_(std::move(name)), channel_(std::move(to)) {}

  std::string name_;
  channel channel_;
  status_page page_;
  descriptor ended_, talk_;
  pid_t pid_ = -1;
  bool is_reaped_ = false;
  std::string words_;
  std::thread thread_;
};

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// The socket between coordinator and worker: whole messages with their descriptors, nothing trusted.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/system/descriptor.hpp"

namespace calque::host {

enum class message_kind : std::uint16_t {
  setup = 1,  // coordinator: what the worker is for; descriptors: status page, staging folder
  configure,  // coordinator: the answer to ready; what stages depend on
  job,        // coordinator: one input; descriptor: the file
  document,   // coordinator: the answer to fetch; descriptor: a sealed packed document, or none
  end,        // coordinator: no more jobs
  ready,      // worker: the stages are made and the jail is closed
  unready,    // worker: why not
  fetch,      // worker: a document that was kept
  keep,       // worker: a document to keep; descriptor: sealed, packed
  done        // worker: the report of a job. Nothing else means that a job has ended well
};

struct message {
  message_kind kind{};
  std::uint64_t job = 0;  // the job that it is about
  std::string payload;
  std::vector<descriptor> descriptors;
};

enum class channel_state { open, empty, closed, broken };

/// One end. A message goes as one packet (SOCK_SEQPACKET); a payload that is too big for one travels as sealed memory.
/// `broken`: what came is no message. Then the other end has been taken over or is at fault, and nothing more is read.
class channel {
 public:
  explicit channel(descriptor socket) : socket_(std::move(socket)) {}
  /// Two ends; the second is not closed on exec.
  static bool make_pair(descriptor &ours, descriptor &theirs);

  int fd() const { return *socket_; }
  /// 0 or an errno. Never waits when `may_wait` is false: EAGAIN. EMSGSIZE: more than 64 MiB, or three descriptors; a
  /// payload of more than 64 KiB takes one for itself.
  int send(message_kind, std::uint64_t job, std::string_view payload, const std::vector<int> &descriptors = {},
           bool may_wait = true);
  /// `empty` only when `may_wait` is false.
  channel_state receive(message &, bool may_wait = true);
  void close() { socket_.close(); }

 private:
  descriptor socket_;
  std::unique_ptr<char[]> packet_;  // room for one, kept: to make it anew for each costs more than what is in most
};

}  // namespace calque::host

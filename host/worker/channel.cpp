// SPDX-License-Identifier: Apache-2.0
// The socket between coordinator and worker: whole messages with their descriptors, nothing trusted.
#include "host/worker/channel.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "host/system/bytes_io.hpp"

namespace calque::host {
namespace {

constexpr std::uint32_t magic = 0x514C4143;  // "CALQ"
constexpr std::size_t most_inline = 64 * 1024;
constexpr std::uint64_t most_payload = std::uint64_t{64} << 20;
constexpr std::size_t most_descriptors = 3;

struct header {
  std::uint32_t magic;
  message_kind kind;
  std::uint16_t in_memory;  // 1: the payload is in the last descriptor
  std::uint64_t job, size;
};

}  // namespace

bool channel::make_pair(descriptor &ours, descriptor &theirs) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return false;
  ours = descriptor(ends[0]);
  theirs = descriptor(ends[1]);
  return true;
}

int channel::send(message_kind kind, std::uint64_t job, std::string_view payload, const std::vector<int> &descriptors,
                  bool may_wait) {
  if (payload.size() > most_payload || descriptors.size() + (payload.size() > most_inline ? 1 : 0) > most_descriptors)
    return EMSGSIZE;
  header head{magic, kind, 0, job, payload.size()};
  std::vector<int> all = descriptors;
  descriptor memory;
  if (payload.size() > most_inline) {
    memory = sealed_memory("calque-message", payload);
    if (!memory) return errno;
    head.in_memory = 1;
    all.push_back(*memory);
  }
  std::array<iovec, 2> parts{{{&head, sizeof head}, {const_cast<char *>(payload.data()), payload.size()}}};
  msghdr packet{};
  packet.msg_iov = parts.data();
  packet.msg_iovlen = head.in_memory != 0 || payload.empty() ? 1 : 2;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(most_descriptors * sizeof(int))> control{};
  if (!all.empty()) {
    packet.msg_control = control.data();
    packet.msg_controllen = CMSG_SPACE(all.size() * sizeof(int));
    cmsghdr *rights = CMSG_FIRSTHDR(&packet);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(all.size() * sizeof(int));
    std::memcpy(CMSG_DATA(rights), all.data(), all.size() * sizeof(int));
  }
  while (::sendmsg(*socket_, &packet, MSG_NOSIGNAL | (may_wait ? 0 : MSG_DONTWAIT)) < 0)
    if (errno != EINTR) return errno;
  return 0;
}

channel_state channel::receive(message &into, bool may_wait) {
  into = {};
  header head{};
  if (!packet_) packet_ = std::make_unique_for_overwrite<char[]>(most_inline);
  std::array<iovec, 2> parts{{{&head, sizeof head}, {packet_.get(), most_inline}}};
  msghdr packet{};
  packet.msg_iov = parts.data();
  packet.msg_iovlen = parts.size();
  alignas(cmsghdr) std::array<char, CMSG_SPACE(most_descriptors * sizeof(int))> control{};
  packet.msg_control = control.data();
  packet.msg_controllen = control.size();
  ssize_t got = 0;
  while ((got = ::recvmsg(*socket_, &packet, MSG_CMSG_CLOEXEC | (may_wait ? 0 : MSG_DONTWAIT))) < 0) {
    if (errno == EINTR) continue;
    if (errno == EAGAIN) return channel_state::empty;
    return errno == ECONNRESET ? channel_state::closed : channel_state::broken;
  }
  // Descriptors first: whatever else is wrong with the packet, they are ours to close now.
  for (cmsghdr *part = CMSG_FIRSTHDR(&packet); part != nullptr; part = CMSG_NXTHDR(&packet, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    for (std::size_t at = 0; CMSG_LEN(at + sizeof(int)) <= part->cmsg_len; at += sizeof(int)) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(part) + at, sizeof number);
      into.descriptors.emplace_back(number);
    }
  }
  if (got == 0) return channel_state::closed;
  const auto size = static_cast<std::size_t>(got);
  if ((packet.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0 || size < sizeof head || head.magic != magic ||
      head.size > most_payload || head.in_memory > 1)
    return channel_state::broken;
  into.kind = head.kind;
  into.job = head.job;
  if (head.in_memory == 0) {
    if (head.size != size - sizeof head) return channel_state::broken;
    into.payload.assign(packet_.get(), size - sizeof head);
    return channel_state::open;
  }
  if (size != sizeof head || into.descriptors.empty()) return channel_state::broken;
  const descriptor memory = std::move(into.descriptors.back());
  into.descriptors.pop_back();
  struct stat info {};
  if (!is_sealed(*memory) || ::fstat(*memory, &info) != 0 || static_cast<std::uint64_t>(info.st_size) != head.size)
    return channel_state::broken;
  std::optional<std::string> whole = read_at(*memory, 0, static_cast<std::size_t>(head.size));
  if (!whole || whole->size() != head.size) return channel_state::broken;
  into.payload = std::move(*whole);
  return channel_state::open;
}

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Faults of descriptors: closed, put over, flooded, and written to with what does not belong there.
#include "fault.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>
#include <random>
#include <vector>

namespace faults {
namespace {

constexpr int most_descriptors = 1024;

bool is_socket(int fd) {
  struct stat info {};
  return fstat(fd, &info) == 0 && S_ISSOCK(info.st_mode);
}

void put_pipe_over_standard_streams() {
  int ends[2];
  if (pipe2(ends, O_NONBLOCK) != 0) return;
  dup2(ends[0], 0);
  dup2(ends[1], 1);
  dup2(ends[1], 2);
}

void chatter(uint64_t mebibytes) {
  static const std::string line = "The quick brown fox \x1b[31mjumps\x1b[0m over the lazy dog; \a\b\r\xff\xfe again.\n";
  std::string block;
  while (block.size() < 1 << 16) block += line;
  for (int fd : {1, 2})
    for (uint64_t written = 0; written < mebibytes << 20;) {
      const ssize_t n = write(fd, block.data(), block.size());
      if (n <= 0 && errno != EINTR && errno != EAGAIN) break;
      if (n > 0) written += static_cast<uint64_t>(n);
    }
}

/// Random, but the same each time.
std::string noise(size_t size) {
  std::mt19937 engine(1962);
  std::string bytes(size, '\0');
  for (char &c : bytes) c = static_cast<char>(engine());
  return bytes;
}

void write_everywhere() {
  for (size_t size : {size_t{3}, size_t{64}, size_t{4096}}) {
    const std::string bytes = noise(size);
    for (int fd = 0; fd < most_descriptors; ++fd) {
      if (is_socket(fd))
        send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      else if (const int flags = fcntl(fd, F_GETFL); flags >= 0 && (flags & O_ACCMODE) != O_RDONLY) [[maybe_unused]]
        const ssize_t n = write(fd, bytes.data(), bytes.size());
    }
  }
}

/// Each message carries as many descriptors as the kernel takes.
void send_descriptors(uint64_t messages) {
  constexpr size_t most = 253;  // SCM_MAX_FD
  const std::vector<int> many(most, 2);
  std::vector<char> control(CMSG_SPACE(sizeof(int) * most));
  char byte = 'x';
  iovec data{&byte, 1};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr *head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof(int) * most);
  std::memcpy(CMSG_DATA(head), many.data(), sizeof(int) * most);
  for (uint64_t k = 0; k < messages; ++k)
    for (int fd = 0; fd < most_descriptors; ++fd)
      if (is_socket(fd)) sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

std::string from_hex(std::string_view digits) {
  std::string bytes;
  for (size_t at = 0; at + 1 < digits.size(); at += 2)
    bytes += static_cast<char>(std::stoi(std::string(digits.substr(at, 2)), nullptr, 16));
  return bytes;
}

/// One message on every socket. By default nothing that a protocol could mean; a test that knows the protocol gives
/// the bytes of a real one.
void send_message(std::string_view digits) {
  const std::string bytes = digits.empty() ? "done" + std::string(60, '\0') : from_hex(digits);
  for (int fd = 0; fd < most_descriptors; ++fd)
    if (is_socket(fd)) send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

}  // namespace

outcome break_descriptors(const fault &f) {
  if (f.name == "close-fds")
    syscall(SYS_close_range, 0, ~0U, 0);
  else if (f.name == "dup-fds")
    put_pipe_over_standard_streams();
  else if (f.name == "chatter")
    chatter(f.number(1));
  else if (f.name == "garbage")
    write_everywhere();
  else if (f.name == "send-fds")
    send_descriptors(f.number(100));
  else if (f.name == "done-lie")
    send_message(f.argument);
  else
    return {outcome::is::unknown, {}};
  return {};
}

}  // namespace faults

// SPDX-License-Identifier: Apache-2.0
// What a worker that was taken over may send: as payloads of each kind, and as packets on the channel.
//
// The first byte chooses: 0 job order, 1 job report, 2 setup, 3 ready, 4 fingerprints; the rest is the payload. Any other:
// packets, each as size (u16), descriptors (a byte: two bits each for up to four), bytes.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "host/pipeline/publish.hpp"
#include "host/system/bytes_io.hpp"
#include "host/worker/channel.hpp"
#include "host/worker/job.hpp"
#include "host/worker/worker_ready.hpp"
#include "host/worker/worker_setup.hpp"
#include "tests/fuzz/require.hpp"

namespace calque::host {
namespace {

/// What was understood is a message again, and means the same.
template <class Message>
void check_again(const Message &message, std::optional<Message> (*read)(std::string_view)) {
  const std::string bytes = to_wire(message);
  const auto again = read(bytes);
  CALQUE_REQUIRE(again.has_value());
  CALQUE_REQUIRE(to_wire(*again) == bytes);
}

void read_report(std::string_view bytes) {
  const auto report = read_job_report(bytes);
  if (!report) return;
  CALQUE_REQUIRE(static_cast<std::size_t>(report->status) < run_status_count);
  CALQUE_REQUIRE(is_done(report->status) || report->files.empty());
  for (const reported_file &file : report->files) {
    CALQUE_REQUIRE(is_safe_output_path(file.file.path));
    CALQUE_REQUIRE(file.staged.find_first_not_of("0123456789-") == std::string::npos);
  }
  for (const stage_time &stage : report->stages) CALQUE_REQUIRE(!name_of(stage.action).empty());
  check_again(*report, read_job_report);
}

void read_setup(std::string_view bytes) {
  const auto setup = read_worker_setup(bytes);
  if (!setup) return;
  CALQUE_REQUIRE(setup->keeps.size() == setup->whole.stages.size());
  check_again(*setup, read_worker_setup);
}

/// Sealed memory with the bytes, the same without seals, a device, and the socket itself.
int some_descriptor(unsigned kind, std::string_view bytes, int socket, std::vector<descriptor> &held) {
  switch (kind) {
    case 0: held.push_back(sealed_memory("fuzz", bytes.substr(0, 64))); break;
    case 1:
      held.emplace_back(::memfd_create("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING));
      write_whole(*held.back(), bytes.substr(0, 64));
      break;
    case 2: held.emplace_back(::open("/dev/zero", O_RDONLY | O_CLOEXEC)); break;
    default: return socket;
  }
  return *held.back();
}

void send_packet(int socket, std::string_view bytes, const std::vector<int> &numbers) {
  iovec part{const_cast<char *>(bytes.data()), bytes.size()};
  msghdr packet{};
  packet.msg_iov = &part;
  packet.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(4 * sizeof(int))] = {};
  if (!numbers.empty()) {
    packet.msg_control = control;
    packet.msg_controllen = CMSG_SPACE(numbers.size() * sizeof(int));
    cmsghdr *rights = CMSG_FIRSTHDR(&packet);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(numbers.size() * sizeof(int));
    std::memcpy(CMSG_DATA(rights), numbers.data(), numbers.size() * sizeof(int));
  }
  ::sendmsg(socket, &packet, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void read_packets(std::string_view bytes) {
  descriptor ours, theirs;
  CALQUE_REQUIRE(channel::make_pair(ours, theirs));
  channel to(std::move(ours));
  for (int packets = 0; bytes.size() >= 3 && packets < 8; ++packets) {
    const auto size = std::min<std::size_t>(static_cast<unsigned char>(bytes[0]) | static_cast<unsigned char>(bytes[1]) << 8,
                                            bytes.size() - 3);
    const unsigned choice = static_cast<unsigned char>(bytes[2]);
    const std::string_view packet = bytes.substr(3, size);
    bytes.remove_prefix(3 + size);
    std::vector<descriptor> held;
    std::vector<int> numbers;
    for (unsigned k = 0; k < (choice >> 6) + (choice & 1); ++k)
      numbers.push_back(some_descriptor(choice >> (2 * (k % 3)) & 3, packet, *theirs, held));
    send_packet(*theirs, packet, numbers);
    message got;
    const channel_state state = to.receive(got, false);
    CALQUE_REQUIRE(got.descriptors.size() <= numbers.size());
    if (state != channel_state::open) {
      CALQUE_REQUIRE(got.payload.empty());
      continue;
    }
    CALQUE_REQUIRE(got.payload.size() <= packet.size() + 64);
  }
}

}  // namespace
}  // namespace calque::host

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  using namespace calque::host;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char *>(data) + 1, size - 1);
  switch (data[0]) {
    case 0:
      if (const auto order = read_job_order(bytes)) check_again(*order, read_job_order);
      break;
    case 1: read_report(bytes); break;
    case 2: read_setup(bytes); break;
    case 3:
      if (const auto ready = read_worker_ready(bytes)) check_again(*ready, read_worker_ready);
      break;
    case 4:
      if (const auto prints = read_stage_fingerprints(bytes)) check_again(*prints, read_stage_fingerprints);
      break;
    default: read_packets(bytes);
  }
  return 0;
}

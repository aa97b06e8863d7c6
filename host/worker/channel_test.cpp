// SPDX-License-Identifier: Apache-2.0
// The channel: messages arrive whole with their descriptors, and whatever is no message is told from one.
#include "host/worker/channel.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <random>
#include <thread>

#include "host/system/bytes_io.hpp"
#include "host/worker/wire.hpp"

namespace calque::host {
namespace {

struct ends {
  channel here{descriptor()}, there{descriptor()};
  ends() {
    descriptor a, b;
    EXPECT_TRUE(channel::make_pair(a, b));
    here = channel(std::move(a));
    there = channel(std::move(b));
  }
};

/// A packet's head as the channel writes it.
std::string head_of(std::uint32_t magic, std::uint16_t in_memory, std::uint64_t size) {
  wire_writer out;
  out.add(magic);
  out.add(message_kind::done);
  out.add(in_memory);
  out.add(std::uint64_t{5});
  out.add(size);
  return out.take();
}
constexpr std::uint32_t magic = 0x514C4143;

/// A packet past the channel's own `send`, as somebody sends it who has taken over the other end.
bool send_raw(int socket, std::string bytes, const std::vector<int> &numbers = {}) {
  iovec part{bytes.data(), bytes.size()};
  msghdr packet{};
  packet.msg_iov = &part;
  packet.msg_iovlen = 1;
  std::vector<std::uint64_t> control(CMSG_SPACE(numbers.size() * sizeof(int)) / 8 + 1);
  if (!numbers.empty()) {
    packet.msg_control = control.data();
    packet.msg_controllen = CMSG_SPACE(numbers.size() * sizeof(int));
    cmsghdr *rights = CMSG_FIRSTHDR(&packet);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(numbers.size() * sizeof(int));
    std::memcpy(CMSG_DATA(rights), numbers.data(), numbers.size() * sizeof(int));
  }
  return ::sendmsg(socket, &packet, MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto &entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

bool is_same_file(int a, int b) {
  struct stat one {}, other {};
  return ::fstat(a, &one) == 0 && ::fstat(b, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

TEST(channel, messages_arrive_whole_and_in_order) {
  ends both;
  const std::string bytes("with\0zeros", 10);
  ASSERT_EQ(both.here.send(message_kind::job, 7, bytes), 0);
  ASSERT_EQ(both.here.send(message_kind::end, 0, ""), 0);
  message got;
  ASSERT_EQ(both.there.receive(got), channel_state::open);
  EXPECT_EQ(got.kind, message_kind::job);
  EXPECT_EQ(got.job, 7u);
  EXPECT_EQ(got.payload, bytes);
  EXPECT_TRUE(got.descriptors.empty());
  ASSERT_EQ(both.there.receive(got), channel_state::open);
  EXPECT_EQ(got.kind, message_kind::end);
  EXPECT_EQ(got.payload, "");
}

TEST(channel, payloads_of_all_sizes_come_back) {
  ends both;
  for (const std::size_t size : {1, 65535, 65536, 65537, 5'000'000}) {
    std::string sent(size, 'a');
    for (std::size_t k = 0; k < size; k += 31) sent[k] = static_cast<char>(k);
    ASSERT_EQ(both.here.send(message_kind::done, 1, sent), 0) << size;
    message got;
    ASSERT_EQ(both.there.receive(got), channel_state::open) << size;
    EXPECT_TRUE(got.payload == sent) << size;
    EXPECT_TRUE(got.descriptors.empty()) << size;
  }
}

TEST(channel, descriptors_come_along_in_order_and_close_on_exec) {
  ends both;
  const descriptor a = sealed_memory("a", "1"), b = sealed_memory("b", "2");
  for (const std::size_t size : {std::size_t{3}, std::size_t{100'000}}) {
    ASSERT_EQ(both.here.send(message_kind::setup, 0, std::string(size, 'p'), {*a, *b}), 0);
    message got;
    ASSERT_EQ(both.there.receive(got), channel_state::open);
    ASSERT_EQ(got.descriptors.size(), 2u) << size;
    EXPECT_TRUE(is_same_file(*got.descriptors[0], *a));
    EXPECT_TRUE(is_same_file(*got.descriptors[1], *b));
    EXPECT_NE(::fcntl(*got.descriptors[0], F_GETFD) & FD_CLOEXEC, 0);
  }
}

TEST(channel, nothing_to_read_is_not_the_end) {
  ends both;
  message got;
  EXPECT_EQ(both.there.receive(got, false), channel_state::empty);
  both.here.close();
  EXPECT_EQ(both.there.receive(got, false), channel_state::closed);
  EXPECT_EQ(both.there.receive(got), channel_state::closed);
}

TEST(channel, what_was_sent_before_the_end_is_still_read) {
  ends both;
  ASSERT_EQ(both.here.send(message_kind::done, 3, "last words"), 0);
  both.here.close();
  message got;
  ASSERT_EQ(both.there.receive(got), channel_state::open);
  EXPECT_EQ(got.payload, "last words");
  EXPECT_EQ(both.there.receive(got), channel_state::closed);
}

TEST(channel, a_send_that_may_not_wait_says_so_when_nobody_reads) {
  ends both;
  int failed = 0;
  for (int k = 0; k < 10'000 && failed == 0; ++k) failed = both.here.send(message_kind::job, 1, std::string(60'000, 'x'), {}, false);
  EXPECT_EQ(failed, EAGAIN);
  both.there.close();
  EXPECT_NE(both.here.send(message_kind::job, 1, "x"), 0);  // and no signal
}

TEST(channel, the_shape_of_a_packet_is_as_this_test_has_it) {
  ends both;
  ASSERT_TRUE(send_raw(both.here.fd(), head_of(magic, 0, 2) + "ok"));
  message got;
  ASSERT_EQ(both.there.receive(got), channel_state::open);
  EXPECT_EQ(got.kind, message_kind::done);
  EXPECT_EQ(got.job, 5u);
  EXPECT_EQ(got.payload, "ok");
}

TEST(channel, packets_that_are_no_messages_are_broken) {
  const std::string sound = head_of(magic, 0, 2) + "ok";
  std::vector<std::pair<std::string, std::string>> packets{
      {"foreign", "GET / HTTP/1.1\r\n\r\n and some more text"},
      {"another magic", head_of(magic + 1, 0, 2) + "ok"},
      {"a payload that is longer than said", sound + "!"},
      {"a payload beyond all bounds", head_of(magic, 0, std::uint64_t{1} << 40)},
      {"neither in the packet nor in memory", head_of(magic, 2, 0)},
      {"in memory, and no memory", head_of(magic, 1, 2)},
      {"more than one packet holds", head_of(magic, 0, 100'000) + std::string(100'000, 'x')}};
  for (std::size_t size = 1; size < sound.size(); ++size) packets.emplace_back("cut to " + std::to_string(size), sound.substr(0, size));
  for (const auto &[name, bytes] : packets) {
    ends both;
    ASSERT_TRUE(send_raw(both.here.fd(), bytes)) << name;
    message got;
    EXPECT_EQ(both.there.receive(got), channel_state::broken) << name;
  }
}

TEST(channel, memory_must_be_sealed_and_of_the_size_that_was_said) {
  const auto state_of = [](int memory, std::uint64_t size, const std::string &beside = "") {
    ends both;
    EXPECT_TRUE(send_raw(both.here.fd(), head_of(magic, 1, size) + beside, {memory}));
    message got;
    return both.there.receive(got);
  };
  const descriptor sealed = sealed_memory("test", "abc");
  EXPECT_EQ(state_of(*sealed, 3), channel_state::open);
  EXPECT_EQ(state_of(*sealed, 2), channel_state::broken);
  EXPECT_EQ(state_of(*sealed, 4), channel_state::broken);
  EXPECT_EQ(state_of(*sealed, 3, "x"), channel_state::broken);
  const descriptor open(::memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  ASSERT_EQ(write_whole(*open, "abc"), 0);
  EXPECT_EQ(state_of(*open, 3), channel_state::broken);
  const descriptor device(::open("/dev/zero", O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(state_of(*device, 0), channel_state::broken);
}

TEST(channel, a_flood_of_descriptors_is_broken_and_leaves_none_open) {
  const std::size_t before = open_descriptors();
  {
    ends both;
    const std::vector<int> many(200, both.here.fd());
    ASSERT_TRUE(send_raw(both.here.fd(), head_of(magic, 0, 2) + "ok", many));
    message got;
    EXPECT_EQ(both.there.receive(got), channel_state::broken);
    // Three that fit but belong to a packet which is none.
    ASSERT_TRUE(send_raw(both.here.fd(), "nothing of ours, and long enough", {0, 1, 2}));
    EXPECT_EQ(both.there.receive(got), channel_state::broken);
    got = {};
    EXPECT_EQ(open_descriptors(), before + 2);
  }
  EXPECT_EQ(open_descriptors(), before);
}

TEST(channel, false_bits_in_a_packet_never_give_more_than_was_sent) {
  const std::string sound = head_of(magic, 0, 40) + std::string(40, 'p');
  std::mt19937_64 random(20260301);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = sound;
    for (std::uint64_t flips = 1 + random() % 4; flips > 0; --flips)
      bytes[random() % bytes.size()] ^= static_cast<char>(1u << random() % 8);
    bytes.resize(1 + random() % bytes.size());
    ends both;
    ASSERT_TRUE(send_raw(both.here.fd(), bytes));
    message got;
    const channel_state state = both.there.receive(got);
    ASSERT_TRUE(state == channel_state::open || state == channel_state::broken) << "seed 20260301, round " << round;
    if (state == channel_state::open) {
      ASSERT_EQ(got.payload.size(), 40u) << "seed 20260301, round " << round;
    }
  }
}

TEST(channel, both_ends_talk_from_two_threads) {
  ends both;
  constexpr std::uint64_t rounds = 300;
  std::thread other([&] {
    message asked;
    while (both.there.receive(asked) == channel_state::open && asked.kind == message_kind::job)
      both.there.send(message_kind::done, asked.job, asked.payload + asked.payload);
  });
  for (std::uint64_t k = 1; k <= rounds; ++k) {
    const std::string sent(k * 331, static_cast<char>('a' + k % 26));
    ASSERT_EQ(both.here.send(message_kind::job, k, sent), 0);
    message got;
    ASSERT_EQ(both.here.receive(got), channel_state::open);
    ASSERT_EQ(got.job, k);
    ASSERT_TRUE(got.payload == sent + sent) << k;
  }
  EXPECT_EQ(both.here.send(message_kind::end, 0, ""), 0);
  other.join();
}

TEST(channel, what_the_other_end_would_refuse_is_not_sent) {
  ends e;
  const std::string big((std::size_t{64} << 20) + 1, 'x');
  EXPECT_EQ(e.here.send(message_kind::done, 1, big), EMSGSIZE);
  EXPECT_EQ(e.here.send(message_kind::done, 1, "", {0, 0, 0, 0}), EMSGSIZE);
  EXPECT_EQ(e.here.send(message_kind::done, 1, std::string(70'000, 'x'), {0, 0, 0}), EMSGSIZE) << "the payload needs one";
  message got;
  EXPECT_EQ(e.there.receive(got, false), channel_state::empty);
  ASSERT_EQ(e.here.send(message_kind::done, 1, std::string_view(big).substr(1), {0, 0}), 0);
  ASSERT_EQ(e.there.receive(got), channel_state::open);
  EXPECT_EQ(got.payload.size(), big.size() - 1);
  EXPECT_EQ(got.descriptors.size(), 2u);
}

}  // namespace
}  // namespace calque::host

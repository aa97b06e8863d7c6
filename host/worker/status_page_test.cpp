// SPDX-License-Identifier: Apache-2.0
// The page that worker and coordinator share: what one writes the other reads, and nobody can pull it away.
#include "host/worker/status_page.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>

namespace calque::host {
namespace {

TEST(status_page, begins_with_zeros) {
  status_page page;
  EXPECT_FALSE(page);
  ASSERT_TRUE(page.make());
  ASSERT_TRUE(page);
  EXPECT_EQ(page->calls.load(), 0u);
  EXPECT_EQ(page->stage.load(), 0u);
  EXPECT_EQ(page->signal.load(), 0u);
}

TEST(status_page, another_process_writes_what_this_one_reads) {
  status_page page;
  ASSERT_TRUE(page.make());
  const int number = ::fcntl(page.fd(), F_DUPFD_CLOEXEC, 0);
  const pid_t child = ::fork();
  if (child == 0) {
    status_page other;
    if (!other.map(descriptor(number))) ::_exit(1);
    other->calls.store(1'234'567'890'123);
    other->stage.store(4);
    other->near_stack_end.store(1);
    ::_exit(0);
  }
  int ended = -1;
  ASSERT_EQ(::waitpid(child, &ended, 0), child);
  ::close(number);
  ASSERT_EQ(ended, 0);
  EXPECT_EQ(page->calls.load(), 1'234'567'890'123u);
  EXPECT_EQ(page->stage.load(), 4u);
  EXPECT_EQ(page->near_stack_end.load(), 1u);
}

TEST(status_page, nobody_can_make_it_shorter) {
  status_page page;
  ASSERT_TRUE(page.make());
  EXPECT_NE(::ftruncate(page.fd(), 0), 0);
  EXPECT_NE(::ftruncate(page.fd(), 1 << 20), 0);
  EXPECT_NE(::fcntl(page.fd(), F_ADD_SEALS, F_SEAL_WRITE), 0) << "or nobody could write it any more";
  page->calls.store(1);
}

TEST(status_page, what_is_too_short_is_refused) {
  status_page page;
  EXPECT_FALSE(page.map(descriptor()));
  descriptor fd(::memfd_create("test", MFD_CLOEXEC));
  ASSERT_EQ(::ftruncate(*fd, sizeof(worker_status) - 1), 0);
  EXPECT_FALSE(page.map(std::move(fd)));
  EXPECT_FALSE(page);
}

TEST(status_page, moves_with_its_memory) {
  status_page first;
  ASSERT_TRUE(first.make());
  first->calls.store(5);
  status_page second = std::move(first);
  EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): that it is empty is the point
  EXPECT_EQ(second->calls.load(), 5u);
  status_page third;
  ASSERT_TRUE(third.make());
  third = std::move(second);
  EXPECT_EQ(third->calls.load(), 5u);
  ASSERT_TRUE(third.make());  // anew
  EXPECT_EQ(third->calls.load(), 0u);
}

}  // namespace
}  // namespace calque::host

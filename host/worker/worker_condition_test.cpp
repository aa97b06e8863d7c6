// SPDX-License-Identifier: Apache-2.0
// What a plugin may do to its process: each change is named, and gone when it is undone.
#include "host/worker/worker_condition.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <cfenv>
#include <clocale>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <thread>

namespace calque::host {
namespace {

/// What is said to have changed after `change`; after `undo` nothing may be.
std::string said_of(const std::function<void()> &change, const std::function<void()> &undo) {
  worker_condition condition;
  condition.settle();
  EXPECT_EQ(condition.changes(condition.look()), "");
  change();
  const std::string said = condition.changes(condition.look());
  undo();
  EXPECT_EQ(condition.changes(condition.look()), "") << "after " << said;
  return said;
}

TEST(worker_condition, names_the_umask) {
  mode_t before = 0;
  EXPECT_EQ(said_of([&] { before = ::umask(0123); }, [&] { ::umask(before); }), "umask");
}

TEST(worker_condition, names_the_working_folder) {
  const int before = ::open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  EXPECT_EQ(said_of([&] { ASSERT_EQ(::chdir("/proc"), 0); }, [&] { ASSERT_EQ(::fchdir(before), 0); }), "working folder");
  ::close(before);
}

TEST(worker_condition, names_the_locale) {
  EXPECT_EQ(said_of([] { ASSERT_NE(std::setlocale(LC_NUMERIC, "C.UTF-8"), nullptr); }, [] { std::setlocale(LC_ALL, "C"); }),
            "locale");
}

TEST(worker_condition, names_the_environment) {
  EXPECT_EQ(said_of([] { ::setenv("CALQUE_TEST_ONLY", "1", 1); }, [] { ::unsetenv("CALQUE_TEST_ONLY"); }), "environment");
  ::setenv("CALQUE_TEST_ONLY", "1", 1);
  EXPECT_EQ(said_of([] { ::setenv("CALQUE_TEST_ONLY", "2", 1); }, [] { ::setenv("CALQUE_TEST_ONLY", "1", 1); }), "environment");
  ::unsetenv("CALQUE_TEST_ONLY");
}

TEST(worker_condition, names_descriptors_opened_closed_and_replaced) {
  int more = -1;
  EXPECT_EQ(said_of([&] { more = ::open("/dev/null", O_RDONLY | O_CLOEXEC); }, [&] { ::close(more); }), "descriptors");
  const int one = ::open("/dev/null", O_RDONLY | O_CLOEXEC), kept = ::fcntl(one, F_DUPFD_CLOEXEC, 20);
  EXPECT_EQ(said_of([&] { ::close(one); }, [&] { ::dup3(kept, one, O_CLOEXEC); }), "descriptors");
  const int other = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(said_of([&] { ::dup3(other, one, O_CLOEXEC); }, [&] { ::dup3(kept, one, O_CLOEXEC); }), "descriptors");
  for (const int number : {one, kept, other}) ::close(number);
}

TEST(worker_condition, names_the_timer) {
  const itimerval on{{0, 0}, {1000, 0}}, off{};
  EXPECT_EQ(said_of([&] { ::setitimer(ITIMER_REAL, &on, nullptr); }, [&] { ::setitimer(ITIMER_REAL, &off, nullptr); }), "timer");
}

TEST(worker_condition, names_the_rounding_mode) {
  EXPECT_EQ(said_of([] { std::fesetround(FE_UPWARD); }, [] { std::fesetround(FE_TONEAREST); }), "rounding mode");
}

TEST(worker_condition, names_threads) {
  std::thread([] {}).join();  // the first one of all brings a thread of the sanitizer's own
  std::mutex guard;
  std::condition_variable changed;
  bool runs = false, may_end = false;
  std::thread other;
  const auto begin = [&] {
    other = std::thread([&] {
      std::unique_lock hold(guard);
      runs = true;
      changed.notify_all();
      changed.wait(hold, [&] { return may_end; });
    });
    std::unique_lock hold(guard);
    changed.wait(hold, [&] { return runs; });
  };
  const auto end = [&] {
    {
      const std::lock_guard hold(guard);
      may_end = true;
    }
    changed.notify_all();
    other.join();
    // The kernel may count it for a moment longer.
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  };
  EXPECT_EQ(said_of(begin, end), "threads");
}

TEST(worker_condition, names_signals) {
  sigset_t one, before;
  ::sigemptyset(&one);
  ::sigaddset(&one, SIGUSR1);
  EXPECT_EQ(said_of([&] { ::sigprocmask(SIG_BLOCK, &one, &before); }, [&] { ::sigprocmask(SIG_SETMASK, &before, nullptr); }),
            "signal mask");
  EXPECT_EQ(said_of([] { ::signal(SIGUSR1, SIG_IGN); }, [] { ::signal(SIGUSR1, SIG_DFL); }), "ignored signals");
  EXPECT_EQ(said_of([] { ::signal(SIGUSR1, [](int) {}); }, [] { ::signal(SIGUSR1, SIG_DFL); }), "signal handlers");
}

TEST(worker_condition, names_all_that_changed) {
  mode_t before = 0;
  const auto change = [&] {
    before = ::umask(0123);
    std::fesetround(FE_DOWNWARD);
  };
  const auto undo = [&] {
    ::umask(before);
    std::fesetround(FE_TONEAREST);
  };
  EXPECT_EQ(said_of(change, undo), "umask, rounding mode");
}

TEST(worker_condition, before_it_is_settled_nothing_is_as_it_was) {
  const worker_condition condition;
  const worker_condition::state now = condition.look();
  EXPECT_NE(condition.changes(now), "");
  EXPECT_GT(now.resident_kib, 1000u);
}

}  // namespace
}  // namespace calque::host

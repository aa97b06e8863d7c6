// SPDX-License-Identifier: Apache-2.0
// One run at a time: the second is told who the first is, may wait, and the kernel lets go of what has died.
#include "host/batch/run_lock.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <optional>
#include <thread>

#include "host/pipeline/scratch_folder.hpp"

namespace calque::host {
namespace {

using std::chrono::milliseconds;

result<run_lock> take(const scratch_folder &folder, milliseconds patience = milliseconds(0),
                      const std::function<bool()> &is_stopped = [] { return false; }) {
  return run_lock::take(folder.path("lock"), patience, is_stopped);
}

/// Another process that holds the lock until it is killed.
class holder {
 public:
  explicit holder(const scratch_folder &folder) {
    int ready[2];
    EXPECT_EQ(::pipe(ready), 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      const auto lock = take(folder);
      const char said = lock.has_value() ? 'y' : 'n';
      if (::write(ready[1], &said, 1) == 1) ::pause();
      ::_exit(1);
    }
    char said = 0;
    EXPECT_EQ(::read(ready[0], &said, 1), 1);
    EXPECT_EQ(said, 'y');
    ::close(ready[0]);
    ::close(ready[1]);
  }
  ~holder() { kill(); }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
};

TEST(run_lock, a_second_taker_is_told_who_has_it) {
  scratch_folder folder;
  const holder other(folder);
  const auto refused = take(folder);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, "run.locked");
  EXPECT_NE(refused.error().message.find("process " + std::to_string(other.pid()) + " on "), std::string::npos)
      << refused.error().message;
  EXPECT_NE(refused.error().hint.find("--wait"), std::string::npos);
}

TEST(run_lock, is_free_when_its_holder_is_killed) {
  scratch_folder folder;
  holder other(folder);
  ASSERT_FALSE(take(folder).has_value());
  other.kill();
  const auto held = take(folder);
  ASSERT_TRUE(held.has_value());
  EXPECT_TRUE(folder.read("lock").starts_with("process " + std::to_string(::getpid()) + " on "));
  EXPECT_EQ(folder.list(), (std::vector<std::string>{"lock"})) << "the file stays";
}

TEST(run_lock, is_free_when_it_goes_out_of_scope) {
  scratch_folder folder;
  {
    const auto held = take(folder);
    ASSERT_TRUE(held.has_value());
    EXPECT_FALSE(take(folder).has_value()) << "not even in the same process";
  }
  EXPECT_TRUE(take(folder).has_value());
}

TEST(run_lock, waits_as_long_as_it_is_told) {
  scratch_folder folder;
  holder other(folder);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_FALSE(take(folder, milliseconds(120)).has_value());
  EXPECT_GE(std::chrono::steady_clock::now() - began, milliseconds(120));
  std::thread later([&] {
    std::this_thread::sleep_for(milliseconds(100));
    other.kill();
  });
  EXPECT_TRUE(take(folder, milliseconds(20'000)).has_value());
  later.join();
}

TEST(run_lock, waiting_ends_when_it_is_asked_to_stop) {
  scratch_folder folder;
  const holder other(folder);
  std::atomic<int> asked = 0;
  const auto began = std::chrono::steady_clock::now();
  EXPECT_FALSE(take(folder, milliseconds(60'000), [&] { return ++asked > 3; }).has_value());
  EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(20'000));
}

TEST(run_lock, shows_no_control_characters_of_what_stands_there) {
  scratch_folder folder;
  const holder other(folder);
  folder.write("lock", "\x1B[2J of somebody\nand more lines");
  const auto refused = take(folder);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().message.find('\x1B'), std::string::npos);
  EXPECT_EQ(refused.error().message.find("more lines"), std::string::npos);
}

TEST(run_lock, goes_through_no_link) {
  scratch_folder folder;
  folder.write("mine", "precious");
  ASSERT_EQ(::symlink("mine", folder.path("lock").c_str()), 0);
  const auto refused = take(folder);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, "output.symlink");
  EXPECT_EQ(folder.read("mine"), "precious");
}

}  // namespace
}  // namespace calque::host

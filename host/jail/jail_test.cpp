// SPDX-License-Identifier: Apache-2.0
// What a jail leaves a worker: each case in a child that enters it. What it takes away is tested by the escapes.
#include "host/jail/jail.hpp"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "host/pipeline/scratch_folder.hpp"

namespace calque::host {
namespace {

/// In the child: the line that did not hold becomes the exit code's reason.
struct broken_promise {
  const char *what;
  int error;
};
#define MUST(condition)                                        \
  do {                                                         \
    if (!(condition)) throw broken_promise{#condition, errno}; \
  } while (false)

/// Runs it in a child and says how that ended: "" is well.
std::string in_child(const std::function<void()> &body) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return "no pipe";
  const pid_t child = fork();
  if (child == 0) {
    std::string said;
    try {
      body();
    } catch (const broken_promise &broken) {
      said = std::string(broken.what) + ": " + std::strerror(broken.error);
    }
    const ssize_t wrote = write(ends[1], said.data(), said.size());
    _exit(wrote == static_cast<ssize_t>(said.size()) ? 0 : 1);
  }
  close(ends[1]);
  char text[512];
  const ssize_t got = read(ends[0], text, sizeof text);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) return std::string("SIG") + sigabbrev_np(WTERMSIG(status));
  return got > 0 ? std::string(text, static_cast<std::size_t>(got)) : WEXITSTATUS(status) == 0 ? "" : "exit";
}

void expect_well(const std::function<void()> &body) {
  EXPECT_EQ(in_child(body), "");
}

class jail : public testing::TestWithParam<unsigned> {
 protected:
  jail() {
    folder.write("resource.txt", "a resource");
    folder.write("resources/deep/er.txt", "another");
    folder.write("outside.txt", "secret");
    mkdir(folder.path("staging").c_str(), 0755);
    staging = open(folder.path("staging").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    rules.readable = library_places();
    for (const char *name : {"resource.txt", "resources", "not-there"}) rules.readable.push_back(folder.path(name));
    rules.writable_folder = staging;
    rules.memory = std::uint64_t{1} << 30;
    rules.file_size = 1 << 20;
    rules.newest_landlock = GetParam();
  }
  ~jail() override { close(staging); }

  /// In the child.
  jail_tier enter() const {
    auto tier = restrict_files(rules);
    MUST(tier.has_value());
    MUST(restrict_calls(*tier).has_value());
    return *tier;
  }

  scratch_folder folder;
  int staging = -1;
  jail_rules rules;
};

bool holds_calls() {
  return possible_jail().seccomp;
}

std::string read_file(const std::string &path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return "";
  char bytes[64];
  const ssize_t got = read(fd, bytes, sizeof bytes);
  close(fd);
  return {bytes, static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

TEST_P(jail, is_whole_with_any_landlock_that_renames) {
  if (!holds_calls()) GTEST_SKIP() << "built with a sanitizer, or a kernel without seccomp: no filter to look at";
  expect_well([&] {
    const jail_tier tier = enter();
    MUST(tier.is_whole());
    MUST(tier.landlock_abi >= 2 && tier.landlock_abi <= static_cast<int>(std::min(GetParam(), 6U)));
    MUST(tier.name() == "landlock " + std::to_string(tier.landlock_abi) + ", seccomp");
  });
}

TEST_P(jail, leaves_the_staging_folder) {
  expect_well([&] {
    enter();
    MUST(mkdirat(staging, "a", 0755) == 0 && mkdirat(staging, "b", 0755) == 0);
    const int fd = openat(staging, "a/new", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    MUST(fd >= 0);
    MUST(write(fd, "0123456789", 10) == 10 && pwrite(fd, "x", 1, 3) == 1);
    MUST(ftruncate(fd, 5) == 0 && fsync(fd) == 0 && fdatasync(fd) == 0 && lseek(fd, 0, SEEK_END) == 5);
    MUST(close(fd) == 0);
    MUST(renameat(staging, "a/new", staging, "b/renamed") == 0);
    const int again = openat(staging, "b/renamed", O_WRONLY | O_TRUNC | O_CLOEXEC);
    struct stat info {};
    MUST(again >= 0 && fstat(again, &info) == 0 && info.st_size == 0);
    MUST(fstatat(staging, "b/renamed", &info, 0) == 0);
    DIR *listed = fdopendir(openat(staging, "b", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    MUST(listed != nullptr && readdir(listed) != nullptr);
    MUST(unlinkat(staging, "b/renamed", 0) == 0 && unlinkat(staging, "b", AT_REMOVEDIR) == 0);
  });
}

TEST_P(jail, leaves_what_is_readable_and_no_more) {
  expect_well([&] {
    enter();
    MUST(read_file(folder.path("resource.txt")) == "a resource");
    MUST(read_file(folder.path("resources/deep/er.txt")) == "another");
    MUST(open(folder.path("outside.txt").c_str(), O_RDONLY) < 0 && errno == EACCES);
    MUST(open(folder.path("resource.txt").c_str(), O_WRONLY) < 0 && errno == EACCES);
  });
}

TEST_P(jail, leaves_libraries_until_the_second_step) {
  expect_well([&] {
    auto tier = restrict_files(rules);
    MUST(tier.has_value());
    MUST(dlopen("libexpat.so.1", RTLD_NOW | RTLD_LOCAL) != nullptr ||
         dlopen("libz.so.1", RTLD_NOW | RTLD_LOCAL) != nullptr);
    MUST(restrict_calls(*tier).has_value());
    // Nor may filters be added any more; with none given the kernel itself says EFAULT.
    MUST(!tier->seccomp || (syscall(SYS_seccomp, 1, 0, nullptr) < 0 && errno == EPERM));
    MUST(!tier->seccomp || dlopen("libBrokenLocale.so.1", RTLD_NOW | RTLD_LOCAL) == nullptr);
  });
}

TEST_P(jail, forbids_calls_from_the_first_step_on) {
  if (!holds_calls()) GTEST_SKIP() << "built with a sanitizer, or a kernel without seccomp: no filter to look at";
  // A plugin's static initializers run between the steps.
  expect_well([&] {
    MUST(restrict_files(rules).has_value());
    MUST(fork() < 0 && errno == EPERM);
    MUST(socket(AF_INET, SOCK_DGRAM, 0) < 0 && errno == EPERM);
    MUST(kill(getppid(), 0) < 0 && errno == EPERM);
  });
}

TEST_P(jail, leaves_sealed_memory_and_the_socket) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
  expect_well([&] {
    const jail_tier tier = enter();
    const int memory = memfd_create("document", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    MUST(memory >= 0 && ftruncate(memory, 4096) == 0);
    void *mapped = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    MUST(mapped != MAP_FAILED);
    std::memcpy(mapped, "sealed", 6);
    MUST(munmap(mapped, 4096) == 0);
    MUST(fcntl(memory, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0);
    char text[] = "done";
    iovec part{text, 4};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{nullptr, 0, &part, 1, control, sizeof control, 0};
    cmsghdr *header = CMSG_FIRSTHDR(&message);
    *header = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
    std::memcpy(CMSG_DATA(header), &memory, sizeof(int));
    MUST(sendmsg(ends[1], &message, MSG_NOSIGNAL) == 4);
    MUST(send(ends[1], "more", 4, MSG_NOSIGNAL) == 4);
    MUST(recvmsg(ends[1], &message, MSG_DONTWAIT) < 0 && errno == EAGAIN);
    const sockaddr_un other{AF_UNIX, "/tmp/other"};
    MUST(!tier.seccomp ||
         (sendto(ends[1], "x", 1, 0, reinterpret_cast<const sockaddr *>(&other), sizeof other) < 0 && errno == EPERM));
  });
  char text[16], control[CMSG_SPACE(sizeof(int))];
  iovec part{text, sizeof text};
  msghdr message{nullptr, 0, &part, 1, control, sizeof control, 0};
  ASSERT_EQ(recvmsg(ends[0], &message, MSG_CMSG_CLOEXEC), 4);
  int memory = -1;
  std::memcpy(&memory, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof memory);
  char bytes[7] = {};
  EXPECT_EQ(pread(memory, bytes, 6, 0), 6);
  EXPECT_STREQ(bytes, "sealed");
  for (const int fd : {memory, ends[0], ends[1]}) close(fd);
}

TEST_P(jail, leaves_threads_and_their_memory) {
  expect_well([&] {
    enter();
    std::atomic<long> sum = 0;
    std::vector<std::thread> threads;
    for (int k = 0; k < 4; ++k)
      threads.emplace_back([&sum] {
        std::vector<long> numbers(1 << 20, 1);  // big enough to be mapped
        for (const long one : numbers) sum += one;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      });
    for (std::thread &one : threads) one.join();
    MUST(sum == 4L << 20);
  });
}

TEST_P(jail, holds_threads_that_a_plugin_started_while_it_was_loaded) {
  if (!holds_calls()) GTEST_SKIP() << "built with a sanitizer, or a kernel without seccomp: no filter to look at";
  expect_well([&] {
    auto tier = restrict_files(rules);
    MUST(tier.has_value());
    std::atomic<int> step = 0, error = 0;
    std::thread early([&] {
      while (step == 0) std::this_thread::yield();
      void *page = mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      error = page == MAP_FAILED ? errno : 0;
    });
    MUST(restrict_calls(*tier).has_value());
    step = 1;
    early.join();
    MUST(error == EPERM);
  });
}

TEST_P(jail, tells_a_crash_by_its_own_signal) {
  if (!holds_calls()) GTEST_SKIP() << "a sanitizer handles the signals itself";
  EXPECT_EQ(in_child([&] {
              enter();
              std::abort();
            }),
            "SIGABRT");
  EXPECT_EQ(in_child([&] {
              enter();
              raise(SIGSEGV);
            }),
            "SIGSEGV");
  EXPECT_EQ(in_child([&] {
              enter();
              char *const none[] = {nullptr};
              execve("/bin/true", none, none);
            }),
            "SIGSYS");
}

TEST_P(jail, limits_give_errors_not_signals) {
  expect_well([&] {
    enter();
    const int fd = openat(staging, "big", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    MUST(fd >= 0 && pwrite(fd, "x", 1, (1 << 20) - 1) == 1);
    MUST(pwrite(fd, "x", 1, 1 << 20) < 0 && errno == EFBIG);
    rlimit core{};
    MUST(getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max <= 1);
    if (!holds_calls()) return;
    bool is_refused = false;
    try {
      std::vector<char> much(std::size_t{2} << 30);
    } catch (const std::bad_alloc &) {
      is_refused = true;
    }
    MUST(is_refused);
  });
}

TEST_P(jail, takes_no_advice_that_breaks_memory) {
  if (!holds_calls()) GTEST_SKIP() << "built with a sanitizer, or a kernel without seccomp: no filter to look at";
  expect_well([&] {
    enter();
    void *page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    MUST(page != MAP_FAILED && madvise(page, 4096, MADV_DONTNEED) == 0);
    MUST(madvise(page, 4096, 1000) < 0 && errno == EPERM);  // the kernel itself says EINVAL
  });
}

TEST_P(jail, leaves_root_no_powers_but_over_files) {
  if (geteuid() != 0) GTEST_SKIP() << "only root has powers to lose";
  int ready[2], go[2];
  ASSERT_TRUE(pipe2(ready, O_CLOEXEC) == 0 && pipe2(go, O_CLOEXEC) == 0);
  const pid_t child = fork();
  if (child == 0) {
    close(go[1]);
    char byte = restrict_files(rules) ? 'y' : 'n';
    if (write(ready[1], &byte, 1) == 1 && read(go[0], &byte, 1) == 0) _exit(0);
    _exit(1);
  }
  char byte = 0;
  EXPECT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_EQ(byte, 'y');
  std::ifstream status("/proc/" + std::to_string(child) + "/status");
  int seen = 0;
  for (std::string line; std::getline(status, line);)
    for (const char *set : {"CapInh:", "CapPrm:", "CapEff:", "CapAmb:"})
      if (line.starts_with(set)) {
        ++seen;
        EXPECT_EQ(std::stoull(line.substr(7), nullptr, 16) & ~0b110ULL, 0U) << line;
      }
  EXPECT_EQ(seen, 4);
  for (const int fd : {ready[0], ready[1], go[0], go[1]}) close(fd);
  waitpid(child, nullptr, 0);
}

std::string name_of_case(const testing::TestParamInfo<unsigned> &info) {
  return info.param == ~0U ? "kernel" : "landlock_" + std::to_string(info.param);
}

INSTANTIATE_TEST_SUITE_P(abi, jail, testing::Values(~0U, 4U, 3U, 2U), name_of_case);

TEST(jail_entry, is_refused_with_threads) {
  if (!holds_calls()) GTEST_SKIP() << "sanitizers have threads of their own";
  expect_well([] {
    std::atomic<bool> ends = false;
    std::thread other([&] {
      while (!ends) std::this_thread::yield();
    });
    const auto tier = restrict_files({});
    ends = true;
    other.join();
    MUST(!tier.has_value());
    MUST(tier.error().code == "jail.failed");
  });
}

TEST(jail_entry, says_what_is_missing) {
  const jail_tier without = possible_jail(0);
  EXPECT_FALSE(without.is_whole());
  EXPECT_EQ(without.landlock_abi, 0);
  EXPECT_NE(without.missing.at(0).find("Landlock"), std::string::npos);
  EXPECT_EQ(without.name(), without.seccomp ? "seccomp" : "none");
  if (!holds_calls()) return;
  expect_well([] {
    auto tier = restrict_files({{}, -1, 0, 0, 0, {}});
    MUST(tier.has_value() && !tier->is_whole() && tier->seccomp);
  });
}

// What the worker pays at each start; printed, not judged: a busy machine is no defect.
TEST(jail_entry, costs_little) {
  constexpr int rounds = 50;
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  double first = 0, second = 0;
  for (int k = 0; k < rounds; ++k) {
    expect_well([&] {
      using clock = std::chrono::steady_clock;
      jail_rules rules;
      rules.readable = library_places();
      const auto begin = clock::now();
      auto tier = restrict_files(rules);
      const auto between = clock::now();
      MUST(tier.has_value() && restrict_calls(*tier).has_value());
      const double took[] = {std::chrono::duration<double, std::micro>(between - begin).count(),
                             std::chrono::duration<double, std::micro>(clock::now() - between).count()};
      MUST(write(ends[1], took, sizeof took) == sizeof took);
    });
    if (HasFailure()) break;
    double took[2] = {};
    ASSERT_EQ(read(ends[0], took, sizeof took), static_cast<ssize_t>(sizeof took));
    first += took[0] / rounds;
    second += took[1] / rounds;
  }
  std::printf("first step %.0f us, second step %.0f us\n", first, second);
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace calque::host

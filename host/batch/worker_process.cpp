// SPDX-License-Identifier: Apache-2.0
// A worker as the coordinator has it.
#include "host/batch/worker_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
extern "C" {  // glibc 2.36 leaves this out of the header
#include <sys/pidfd.h>
}
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include "host/worker/worker.hpp"
#include "host/system/calls.hpp"

extern char **environ;

namespace calque::host {
namespace {

constexpr std::size_t most_words = 64 * 1024;

/// No setting of whoever starts a run reaches an output. What is left is for loaders, sanitizers and the tests of
/// faults, and the one date that may be set from outside.
std::vector<char *> environment_of_worker() {
  static char locale[] = "LC_ALL=C", zone[] = "TZ=UTC", threads[] = "OMP_THREAD_LIMIT=1";
  std::vector<char *> kept{locale, zone, threads};
  for (char **entry = environ; entry != nullptr && *entry != nullptr; ++entry)
    for (const std::string_view prefix : {"LD_", "ASAN_", "UBSAN_", "TSAN_", "CALQUE_", "SOURCE_DATE_EPOCH="})
      if (std::string_view(*entry).starts_with(prefix)) {
        kept.push_back(*entry);
        break;
      }
  kept.push_back(nullptr);
  return kept;
}

/// 0 or an errno.
int spawn(const std::string &program, int channel_end, int talk_end, pid_t &pid) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, talk_end, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, talk_end, STDERR_FILENO);
  posix_spawn_file_actions_adddup2(&actions, channel_end, worker_channel);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::string name = "calque", verb = worker_verb;
  std::array<char *, 3> arguments{name.data(), verb.data(), nullptr};
  std::vector<char *> environment = environment_of_worker();
  const int failed = ::posix_spawn(&pid, program.c_str(), &actions, &attributes, arguments.data(), environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failed;
}

}  // namespace

std::unique_ptr<worker_process> worker_process::start(const std::string &program, int staging, const std::string &name,
                                                      std::string_view setup, bool in_process) {
  descriptor ours, theirs;
  if (!channel::make_pair(ours, theirs)) return nullptr;
  // Descriptor 3 is the channel in the child; nothing else of ours may stand there.
  if (*theirs == worker_channel) {
    theirs = descriptor(::fcntl(worker_channel, F_DUPFD_CLOEXEC, worker_channel + 1));
    if (!theirs) return nullptr;
  }
  std::unique_ptr<worker_process> made(new worker_process(name, channel(std::move(ours))));
  if (!made->page_.make()) return nullptr;
  descriptor folder;
  if (staging >= 0) {
    if (calls::mkdirat(staging, name.c_str(), 0700) != 0 && errno != EEXIST) return nullptr;
    folder = descriptor(calls::openat(staging, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder) return nullptr;
  }
  if (in_process) {
    made->pid_ = ::getpid();
    made->thread_ = std::thread([end = theirs.release()] { run_worker_in_process(end); });
  } else {
    int pipe_ends[2];
    if (::pipe2(pipe_ends, O_CLOEXEC) != 0) return nullptr;
    made->talk_ = descriptor(pipe_ends[0]);
    const descriptor talk_end(pipe_ends[1]);
    ::fcntl(*made->talk_, F_SETFL, O_NONBLOCK);
    if (const int failed = spawn(program, *theirs, *talk_end, made->pid_); failed != 0) {
      made->pid_ = -1;
      errno = failed;
      return nullptr;
    }
    made->ended_ = descriptor(pidfd_open(made->pid_, 0));
  }
  // A worker that is dead already is found out by whoever waits for it.
  std::vector<int> given{made->page_.fd()};
  if (folder) given.push_back(*folder);
  made->channel_.send(message_kind::setup, 0, setup, given);
  return made;
}

worker_process::~worker_process() {
  if (thread_.joinable()) {
    channel_.close();
    thread_.join();
  } else if (pid_ > 0 && !is_reaped_) {
    kill();
    reap();
  }
}

void worker_process::drain() {
  std::array<char, 16384> buffer;
  // Not for ever: who prints without end must not keep the others waiting.
  for (int turns = 0; turns < 16 && talk_; ++turns) {
    const ssize_t got = ::read(*talk_, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
      talk_.close();
      return;
    }
    words_.append(buffer.data(), static_cast<std::size_t>(got));
    if (words_.size() > 2 * most_words) words_.erase(0, words_.size() - most_words);
  }
}

void worker_process::kill() {
  if (pid_ <= 0 || is_thread() || is_reaped_) return;
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);  // its group may be another's idea by now
}

worker_death worker_process::reap() {
  worker_death death;
  if (is_thread() || is_reaped_ || pid_ <= 0) return death;
  // The group goes while the process still holds its number.
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
  }
  ::kill(-pid_, SIGKILL);
  int status = 0;
  rusage used{};
  while (::wait4(pid_, &status, 0, &used) < 0 && errno == EINTR) {
  }
  is_reaped_ = true;
  drain();
  death.by_signal = WIFSIGNALED(status);
  death.number = death.by_signal ? WTERMSIG(status) : WEXITSTATUS(status);
  death.out_of_memory = page_->out_of_memory.load(std::memory_order_relaxed) != 0;
  death.near_stack_end = page_->near_stack_end.load(std::memory_order_relaxed) != 0;
  death.peak_kib = static_cast<std::uint64_t>(used.ru_maxrss);
  return death;
}

}  // namespace calque::host

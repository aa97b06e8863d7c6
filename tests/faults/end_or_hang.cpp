// SPDX-License-Identifier: Apache-2.0
// Faults that end the process or never come back: signals, exits, exceptions, hangs.
#include "fault.hpp"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <thread>

namespace faults {
namespace {

// The compiler may assume that none of this happens; volatile takes that from it.
volatile int zero = 0;
volatile char *volatile nowhere = nullptr;

/// A page behind the end of a file: what a truncated memfd does to its reader.
void read_behind_the_end() {
  const int fd = memfd_create("bus", MFD_CLOEXEC);
  void *page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (page != MAP_FAILED) *static_cast<volatile char *>(page) = 1;
  raise(SIGBUS);
}

void divide_by_zero() {
#if defined(__x86_64__)
  asm volatile("xor %%edx, %%edx; idivl %0" : : "m"(zero), "a"(1) : "edx");
#endif
  raise(SIGFPE);
}

void lock_twice() {
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&mutex);
  pthread_mutex_lock(&mutex);
}

void read_own_pipe() {
  int ends[2];
  char byte;
  if (pipe(ends) != 0) sleep_for_ever();
  while (read(ends[0], &byte, 1) != 1) continue;
}

void block_all_signals() {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
}

}  // namespace

outcome end_or_hang(const fault &f) {
  const std::string &name = f.name;
  const int status = static_cast<int>(f.number(0));
  if (name == "segv") {
    *nowhere = 1;
  } else if (name == "bus") {
    read_behind_the_end();
  } else if (name == "fpe") {
    divide_by_zero();
  } else if (name == "ill") {
    __builtin_trap();
  } else if (name == "abort") {
    std::abort();
  } else if (name == "throw-std") {
    throw std::runtime_error("the sky fell: " + f.argument);
  } else if (name == "throw-int") {
    throw 42;
  } else if (name == "throw-from-thread") {
    std::thread([] { throw std::runtime_error("the sky fell on another thread"); }).join();
  } else if (name == "exit") {
    std::exit(status);
  } else if (name == "_exit") {
    syscall(SYS_exit_group, status);
  } else if (name == "quick-exit") {
    std::quick_exit(status);
  } else if (name == "pthread-exit") {
    // pthread_exit unwinds by an exception that the SDK would stop; the system call ends the thread and nothing else.
    syscall(SYS_exit, 0);
  } else if (name == "busy") {
    for (std::atomic<uint64_t> turns = 0;; ++turns) continue;
  } else if (name == "sleep") {
    sleep_for_ever();
  } else if (name == "deadlock") {
    lock_twice();
  } else if (name == "read-pipe") {
    read_own_pipe();
  } else if (name == "stop") {
    syscall(SYS_kill, getpid(), SIGSTOP);
  } else if (name == "block-signals") {
    block_all_signals();
    sleep_for_ever();
  } else {
    return {outcome::is::unknown, {}};
  }
  return {outcome::is::survived, name};
}

}  // namespace faults

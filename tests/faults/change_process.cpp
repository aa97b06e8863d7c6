// SPDX-License-Identifier: Apache-2.0
// Faults that change the process for the documents after this one, and processes and threads left behind.
#include "fault.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <cfenv>
#include <clocale>
#include <cstdlib>
#include <thread>

namespace faults {
namespace {

outcome leave_child() {
  const pid_t child = fork();
  if (child < 0) return denied("fork");
  if (child == 0) sleep_for_ever();
  return {outcome::is::done, {}};
}

/// A grandchild in a session of its own, whose parent is gone at once.
outcome leave_daemon() {
  const pid_t child = fork();
  if (child < 0) return denied("fork");
  if (child > 0) return {outcome::is::done, {}};
  setsid();
  if (fork() != 0) _exit(0);
  sleep_for_ever();
}

void start_timer(uint64_t milliseconds) {
  const timeval time{static_cast<time_t>(milliseconds / 1000), static_cast<suseconds_t>(milliseconds % 1000 * 1000)};
  const itimerval timer{time, time};
  setitimer(ITIMER_REAL, &timer, nullptr);
}

void block_terminate() {
  sigset_t some;
  sigemptyset(&some);
  sigaddset(&some, SIGTERM);
  sigaddset(&some, SIGINT);
  sigprocmask(SIG_BLOCK, &some, nullptr);
}

}  // namespace

outcome change_process(const fault &f) {
  const std::string &name = f.name;
  if (name == "fork") return leave_child();
  if (name == "setsid-fork") return leave_daemon();
  if (name == "chdir") {
    if (chdir("/") != 0) return denied("chdir");
  } else if (name == "umask") {
    umask(0);
  } else if (name == "setlocale") {
    // C.UTF-8 is always there; one with decimal commas shows more.
    if (std::setlocale(LC_ALL, "de_DE.UTF-8") == nullptr) std::setlocale(LC_ALL, "C.UTF-8");
  } else if (name == "setenv") {
    for (const char *variable : {"TZ", "LANG", "LC_ALL", "HOME", "PATH"}) setenv(variable, "/nowhere", 1);
  } else if (name == "sigmask") {
    block_terminate();
  } else if (name == "round") {
    std::fesetround(FE_UPWARD);
  } else if (name == "timer") {
    start_timer(f.number(200));
  } else if (name == "thread") {
    std::thread(sleep_for_ever).detach();
  } else {
    return {outcome::is::unknown, {}};
  }
  return {};
}

}  // namespace faults

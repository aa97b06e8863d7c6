// SPDX-License-Identifier: Apache-2.0
// SIGINT, SIGTERM and SIGHUP: a run stops at its next step, cleans up, and then ends as the signal says.
#include "host/cli/signals.hpp"

#include <csignal>

namespace calque::host {
namespace {

constexpr int stopping[] = {SIGINT, SIGTERM, SIGHUP};

// A handler has no argument of ours: these are the only way to it.
volatile std::sig_atomic_t came = 0, count = 0, expected = 1;
stop_flag *flag_to_set = nullptr;

extern "C" void on_signal(int number) {
  if (came == 0) came = number;
  count = count + 1;
  flag_to_set->stop();
  if (count >= expected)
    for (const int one : stopping) std::signal(one, SIG_DFL);
}

}  // namespace

void stop_on_signals(stop_flag &flag) {
  flag_to_set = &flag;
  for (const int one : stopping) std::signal(one, on_signal);
  // Writing to a closed pipe or beyond a size limit fails as a call, so that what was begun is cleaned up.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

void expect_two_signals() {
  expected = 2;
}

int signal_that_came() {
  return came;
}

int signals_that_came() {
  return count;
}

void pass_on_signal() {
  if (came == 0) return;
  std::signal(came, SIG_DFL);
  std::raise(came);
}

}  // namespace calque::host

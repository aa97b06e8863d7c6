// SPDX-License-Identifier: Apache-2.0
// SIGINT, SIGTERM and SIGHUP: a run stops at its next step, cleans up, and then ends as the signal says.
#include "host/cli/signals.hpp"

#include <csignal>

namespace calque::host {
namespace {

// A handler has no argument of ours: these two are the only way to it.
volatile std::sig_atomic_t came = 0;
stop_flag *flag_to_set = nullptr;

extern "C" void on_signal(int number) {
  came = number;
  flag_to_set->stop();
  std::signal(number, SIG_DFL);
}

}  // namespace

void stop_on_signals(stop_flag &flag) {
  flag_to_set = &flag;
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::signal(SIGHUP, on_signal);
  // Writing to a closed pipe or beyond a size limit fails as a call, so that what was begun is cleaned up.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

int signal_that_came() {
  return came;
}

void pass_on_signal() {
  if (came == 0) return;
  std::signal(came, SIG_DFL);
  std::raise(came);
}

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// What the death of a worker means for the document that it had.
#include "host/batch/worker_verdict.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <string.h>

namespace calque::host {
namespace {

constexpr const char *again = "if it comes again, `calque repro` shows it alone";

std::string signal_name(int number) {
  const char *name = ::sigabbrev_np(number);
  return name != nullptr ? name : std::to_string(number);
}

double in_seconds(std::chrono::milliseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

worker_verdict of_budget(const spent_budget &spent) {
  const std::string which = spent.is_silence ? "silence" : "total";
  return {run_status::timeout, which, "timeout",
          error("run.timeout",
                fmt::format("{}: {:.1f} s used, {:.1f} s granted by `{}`{}",
                            spent.is_silence ? "no sign of life" : "it took too long", in_seconds(spent.used),
                            in_seconds(spent.granted), which,
                            spent.stage.empty() ? std::string() : " of the stage " + spent.stage),
                fmt::format("raise the budget only if this document is sound; {}", again))};
}

}  // namespace

worker_verdict verdict_of(const worker_death &death, const std::optional<spent_budget> &spent, bool broke_protocol,
                          std::uint64_t memory) {
  if (spent) return of_budget(*spent);
  if (broke_protocol)
    return {run_status::crashed, "protocol", "protocol",
            error("run.crashed", "what its worker sent is no message of ours",
                  fmt::format("the plugin has taken over its process; {}", again))};
  if (death.out_of_memory)
    return {run_status::oom, "", "memory",
            error("run.out-of-memory", fmt::format("it needed more memory than the {} MiB granted", memory >> 20),
                  fmt::format("raise `memory` in [budget] if the document is sound; {}", again))};
  if (death.by_signal && death.number == SIGSYS)
    return {run_status::violation, "", "violation",
            error("run.violation", "the stage tried a system call that its jail forbids, and the kernel ended its worker",
                  "do not use this plugin until its author has said why")};
  if (death.by_signal)
    return {run_status::crashed, "signal " + signal_name(death.number), "crash",
            error("run.crashed",
                  fmt::format("its worker died by SIG{}{}", signal_name(death.number),
                              death.near_stack_end ? ", at the end of its stack: a recursion without end?" : ""),
                  again)};
  return {run_status::crashed, fmt::format("exit {}", death.number), "crash",
          error("run.crashed", fmt::format("its worker ended the process (exit code {})", death.number),
                fmt::format("a plugin must not end its process; {}", again))};
}

}  // namespace calque::host

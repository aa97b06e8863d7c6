// SPDX-License-Identifier: Apache-2.0
// What the death of a worker means: each kind of it, and which reason counts when there are several.
#include "host/batch/worker_verdict.hpp"

#include <gtest/gtest.h>
#include <signal.h>

namespace calque::host {
namespace {

std::string told(const worker_death &death, const std::optional<spent_budget> &spent = {}, bool broke_protocol = false) {
  const worker_verdict verdict = verdict_of(death, spent, broke_protocol, std::uint64_t{512} << 20);
  EXPECT_EQ(verdict.why.level, severity::error);
  EXPECT_FALSE(verdict.why.hint.empty());
  return std::string(name_of(verdict.status)) + " | " + verdict.detail + " | " + verdict.reason + " | " + verdict.why.code;
}

worker_death by(int signal) {
  return {.by_signal = true, .number = signal};
}

TEST(worker_verdict, of_signals_and_exits) {
  EXPECT_EQ(told(by(SIGSEGV)), "crashed | signal SEGV | crash | run.crashed");
  EXPECT_EQ(told(by(SIGKILL)), "crashed | signal KILL | crash | run.crashed");
  EXPECT_EQ(told(by(SIGRTMIN + 3)), "crashed | signal " + std::to_string(SIGRTMIN + 3) + " | crash | run.crashed");
  EXPECT_EQ(told(by(SIGSYS)), "violation |  | violation | run.violation");
  EXPECT_EQ(told({.number = 0}), "crashed | exit 0 | crash | run.crashed") << "a plugin must not end its process";
  EXPECT_EQ(told({.number = SIGSYS}), "crashed | exit 31 | crash | run.crashed");
}

TEST(worker_verdict, of_memory_is_told_in_mebibytes) {
  worker_death death = by(SIGABRT);
  death.out_of_memory = true;
  EXPECT_EQ(told(death), "oom |  | memory | run.out-of-memory");
  EXPECT_NE(verdict_of(death, {}, false, std::uint64_t{512} << 20).why.message.find("512 MiB"), std::string::npos);
}

TEST(worker_verdict, of_budgets_says_whose) {
  using std::chrono::milliseconds;
  const spent_budget silence{true, "", milliseconds(1000), milliseconds(1250)},
      total{false, "tei", milliseconds(60'000), milliseconds(60'010)};
  EXPECT_EQ(told(by(SIGKILL), silence), "timeout | silence | timeout | run.timeout");
  EXPECT_EQ(told(by(SIGKILL), total), "timeout | total | timeout | run.timeout");
  const std::string first = verdict_of(by(SIGKILL), silence, false, 0).why.message,
                    second = verdict_of(by(SIGKILL), total, false, 0).why.message;
  EXPECT_NE(first.find("1.2 s used, 1.0 s granted by `silence`"), std::string::npos) << first;
  EXPECT_NE(second.find("60.0 s granted by `total` of the stage tei"), std::string::npos) << second;
}

TEST(worker_verdict, the_cause_counts_before_its_effects) {
  const spent_budget silence{true, "", {}, {}};
  worker_death death = by(SIGSYS);
  death.out_of_memory = true;
  EXPECT_EQ(told(death, silence, true), "timeout | silence | timeout | run.timeout") << "we killed it";
  EXPECT_EQ(told(death, {}, true), "crashed | protocol | protocol | run.crashed");
  EXPECT_EQ(told(death), "oom |  | memory | run.out-of-memory");
}

TEST(worker_verdict, of_a_stack_that_ran_out_says_so) {
  worker_death death = by(SIGSEGV);
  EXPECT_EQ(verdict_of(death, {}, false, 0).why.message.find("recursion"), std::string::npos);
  death.near_stack_end = true;
  EXPECT_NE(verdict_of(death, {}, false, 0).why.message.find("recursion"), std::string::npos);
}

}  // namespace
}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Time that is used up: in silence, in all, and in a stage, with times that are given.
#include "host/batch/budget_watch.hpp"

#include <gtest/gtest.h>

namespace calque::host {
namespace {

using std::chrono::milliseconds;

struct machine {
  pipeline whole;
  budget_watch::time_point zero{};
  std::optional<budget_watch> watch;

  machine() {
    whole.budget.silence = milliseconds(100);
    whole.budget.total = milliseconds(1000);
    whole.stages.resize(2);
    whole.stages[0].name = "first";
    whole.stages[1].name = "second";
  }
  /// "silence", "total", with the stage whose it is and the times; empty: nothing is used up.
  std::string look(int at, std::uint64_t calls, std::uint32_t stage, std::uint32_t begun) {
    if (!watch) watch.emplace(whole, zero);
    const auto spent = watch->look(calls, stage, begun, zero + milliseconds(at));
    if (!spent) return "";
    return std::string(spent->is_silence ? "silence" : "total") + (spent->stage.empty() ? "" : " of " + spent->stage) + " " +
           std::to_string(spent->used.count()) + "/" + std::to_string(spent->granted.count());
  }
};

TEST(budget_watch, silence_begins_with_the_last_call) {
  machine m;
  EXPECT_EQ(m.look(100, 0, 1, 0), "");
  EXPECT_EQ(m.look(101, 0, 1, 0), "silence 101/100");
  EXPECT_EQ(m.look(102, 1, 1, 0), "");
  EXPECT_EQ(m.look(202, 1, 1, 0), "");
  EXPECT_EQ(m.look(203, 1, 1, 0), "silence 101/100");
}

TEST(budget_watch, a_stage_that_begins_is_a_sign_of_life) {
  machine m;
  EXPECT_EQ(m.look(90, 0, 1, 1), "");
  EXPECT_EQ(m.look(190, 0, 1, 1), "");
  EXPECT_EQ(m.look(191, 0, 2, 2), "") << "the next one";
  EXPECT_EQ(m.look(291, 0, 2, 2), "");
  EXPECT_EQ(m.look(292, 0, 2, 2), "silence 101/100");
}

TEST(budget_watch, the_total_ends_it_however_many_calls_come) {
  machine m;
  for (int at = 0; at <= 1000; at += 10) ASSERT_EQ(m.look(at, static_cast<std::uint64_t>(at), 1, 1), "") << at;
  EXPECT_EQ(m.look(1001, 5000, 2, 7), "total 1001/1000");
}

TEST(budget_watch, a_stage_may_be_silent_for_longer_or_shorter) {
  machine m;
  m.whole.stages[0].budget.silence = milliseconds(300);
  m.whole.stages[1].budget.silence = milliseconds(20);
  EXPECT_EQ(m.look(300, 0, 1, 0), "");
  EXPECT_EQ(m.look(301, 0, 1, 0), "silence of first 301/300");
  EXPECT_EQ(m.look(302, 0, 2, 1), "");
  EXPECT_EQ(m.look(323, 0, 2, 1), "silence of second 21/20");
  // Between the stages, and in an importer that was chosen, the pipeline's own counts.
  EXPECT_EQ(m.look(324, 0, 0, 2), "");
  EXPECT_EQ(m.look(425, 0, 0, 2), "silence 101/100");
}

TEST(budget_watch, the_total_of_a_stage_begins_with_it) {
  machine m;
  m.whole.stages[1].budget.total = milliseconds(50);
  EXPECT_EQ(m.look(95, 1, 1, 1), "") << "another stage";
  EXPECT_EQ(m.look(100, 2, 2, 2), "");
  EXPECT_EQ(m.look(150, 3, 2, 2), "");
  EXPECT_EQ(m.look(151, 4, 2, 2), "total of second 51/50");
  EXPECT_EQ(m.look(152, 5, 2, 3), "") << "the same stage on the next part";
}

TEST(budget_watch, no_number_that_a_worker_may_write_does_harm) {
  machine m;
  EXPECT_EQ(m.look(1, ~0ull, 3, 1), "");
  EXPECT_EQ(m.look(2, 0, 0xFFFFFFFFu, 0), "");
  EXPECT_EQ(m.look(1001, 5, 0xFFFFFFFFu, 9), "total 1001/1000");
}

TEST(budget_watch, looks_as_often_as_the_shortest_budget_needs) {
  machine m;
  EXPECT_EQ(budget_watch(m.whole, m.zero).pause(), milliseconds(5)) << "but not without end";
  m.whole.budget.silence = m.whole.budget.total = milliseconds(3'200);
  m.whole.stages[1].budget.total = std::nullopt;
  EXPECT_EQ(budget_watch(m.whole, m.zero).pause(), milliseconds(100));
  m.whole.stages[1].budget.total = milliseconds(640);
  EXPECT_EQ(budget_watch(m.whole, m.zero).pause(), milliseconds(20));
  m.whole.stages[1].budget.total = std::nullopt;
  m.whole.budget.silence = m.whole.budget.total = milliseconds(100'000);
  EXPECT_EQ(budget_watch(m.whole, m.zero).pause(), milliseconds(250));
}

}  // namespace
}  // namespace calque::host

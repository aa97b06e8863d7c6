// SPDX-License-Identifier: Apache-2.0
// Progress fits its terminal, is quiet elsewhere, and guesses the end from sizes.
#include "host/records/progress.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "host/pipeline/source_text.hpp"

namespace calque::host {
namespace {

TEST(elide_middle, keeps_both_ends_within_the_cells) {
  EXPECT_EQ(elide_middle("short.txt", 9), "short.txt");
  EXPECT_EQ(elide_middle("records/1962/a.txt", 11), "recor…a.txt");
  EXPECT_EQ(elide_middle("日本語の記録.txt", 9), "日本….txt");
  EXPECT_EQ(elide_middle("abc", 0), "");
  EXPECT_EQ(elide_middle("abc", 1), "…");
  const std::string hard = "ab\u202e\x1b[31m\u0301\u0301日本\xFF語\n\t e\u0301e\u0301e\u0301.txt";
  for (std::size_t cells = 0; cells < 60; ++cells) {
    const std::string shown = elide_middle(hard, cells);
    EXPECT_LE(shown_width(shown), cells) << shown;
    EXPECT_EQ(show_text(shown), shown) << "nothing in it rules a terminal";
  }
}

TEST(progress, a_terminal_shows_workers_and_a_bar) {
  progress_view view(true, 80, 2, 0);
  for (int k = 0; k < 8; ++k) view.expect(1000);
  view.document_started(1, "records/1962/one.txt", 1000, 0);
  view.document_started(2, "records/1962/two.txt", 1000, 0);
  view.stage_started(1, "tei", 100);
  const auto first = view.lines(1500);
  ASSERT_TRUE(first);
  ASSERT_EQ(first->size(), 3U);
  EXPECT_EQ(first->at(0), "  1     1.5 s  tei  records/1962/one.txt");
  EXPECT_EQ(first->at(1), "  2     1.5 s  records/1962/two.txt");
  EXPECT_EQ(first->at(2), "[                              ]  0/8  0 %  ETA —");
  view.document_ended(1, false, 2000);
  view.document_ended(2, true, 2000);
  const auto next = view.lines(2000);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->back(), "[=======                       ]  2/8  25 %  1 failed  1.0/s  ETA 6 s");
}

TEST(progress, is_drawn_at_most_ten_times_a_second) {
  progress_view view(true, 80, 1, 0);
  view.expect(1);
  std::size_t drawn = 0;
  for (double now = 0; now < 1000; now += 1) drawn += view.lines(now) ? 1 : 0;
  EXPECT_EQ(drawn, 10U);
}

TEST(progress, four_workers_have_lines_and_none_reaches_the_last_column) {
  for (std::size_t width = 1; width < 140; ++width) {
    progress_view view(true, width, 9, 0);
    for (int k = 0; k < 100; ++k) view.expect(1 << (k % 20));
    for (std::uint64_t worker = 1; worker <= 9; ++worker) {
      view.document_started(worker, "ordner/日本語の記録\x1b[2J\u202e/" + std::string(worker * 9, 'x') + ".txt", 5,
                            10.0 * static_cast<double>(10 - worker));
      view.stage_started(worker, "a-very-long-name-of-a-stage", 20);
    }
    view.document_ended(3, true, 70'000);
    const auto lines = view.lines(80'000);
    ASSERT_TRUE(lines);
    ASSERT_EQ(lines->size(), 5U);
    for (const std::string &line : *lines) {
      EXPECT_LT(shown_width(line), std::max<std::size_t>(width, 1)) << width << ": " << line;
      EXPECT_EQ(show_text(line), line);
    }
    if (width > 45) {
      EXPECT_TRUE(lines->at(0).starts_with("  6 ")) << lines->at(0);  // the longest at work, by number
      EXPECT_TRUE(lines->at(3).starts_with("  9 "));
    }
  }
}

TEST(progress, elsewhere_a_line_now_and_then) {
  progress_view view(false, 0, 2, 0);
  for (int k = 0; k < 4000; ++k) view.expect(1000);
  for (int k = 0; k < 1000; ++k) {
    view.expect(10);
    view.pass_over(10, false);
  }
  std::vector<std::string> all;
  const auto look = [&](double now) {
    if (const auto lines = view.lines(now)) all.insert(all.end(), lines->begin(), lines->end());
  };
  look(0);
  for (int k = 0; k < 4000; ++k) {
    view.document_started(1, "a\r\x1b", 1000, 5.0 * k);
    view.document_ended(1, false, 5.0 * (k + 1));
    look(5.0 * (k + 1));
  }
  ASSERT_EQ(all.size(), 9U);
  EXPECT_EQ(all.front(), "5,000 documents, 4,000 of them to do, 2 workers");
  EXPECT_EQ(all[1], "1,500 of 5,000  30 %  200/s  ETA 18 s");
  for (const std::string &line : all) EXPECT_EQ(line.find_first_of("\r\x1b\n"), std::string::npos);
}

TEST(progress, elsewhere_a_slow_run_is_heard_of_every_minute) {
  progress_view view(false, 0, 1, 0);
  for (int k = 0; k < 100; ++k) view.expect(1000);
  std::size_t said = 0;
  for (double now = 0; now <= 300'000; now += 500) said += view.lines(now) ? 1 : 0;
  EXPECT_EQ(said, 6U);  // the start and five minutes
}

TEST(progress, no_guess_before_three_in_a_hundred) {
  progress_view view(true, 80, 1, 0);
  for (int k = 0; k < 100; ++k) view.expect(1000);
  for (int k = 1; k <= 3; ++k) {
    EXPECT_FALSE(view.remaining(k * 10.0 - 1)) << k;
    view.document_started(1, "a", 1000, k * 10.0 - 10);
    view.document_ended(1, false, k * 10.0);
  }
  ASSERT_TRUE(view.remaining(30));
  EXPECT_NEAR(*view.remaining(30), 970, 1);
}

// Sizes as archives have them: a few are hundreds of times the middle one; the smallest first, which is the worst order
// for whoever counts documents.
std::vector<std::uint64_t> skewed_sizes(std::size_t count, std::uint32_t seed) {
  std::mt19937 dice(seed);
  std::vector<std::uint64_t> sizes;
  for (std::size_t k = 0; k < count; ++k) {
    double sum = -6;
    for (int n = 0; n < 12; ++n) sum += static_cast<double>(dice() >> 5) / static_cast<double>(1U << 27);
    sizes.push_back(static_cast<std::uint64_t>(std::exp(9 + 1.5 * sum)));
  }
  std::sort(sizes.begin(), sizes.end());
  return sizes;
}

double error_at_a_fifth(bool with_earlier_run, double slower) {
  const std::vector<std::uint64_t> sizes = skewed_sizes(2000, 5);
  // Not quite in proportion to the size, so that it must be learnt and not assumed.
  const auto ms_of = [&](std::uint64_t bytes) {
    return slower * (2 + std::pow(static_cast<double>(bytes), 1.1) / 500);
  };
  progress_view view(true, 80, 1, 0);
  double now = 0, whole = 0;
  for (const std::uint64_t bytes : sizes) {
    view.expect(bytes);
    if (with_earlier_run) view.learn(bytes, ms_of(bytes) / slower);
    whole += ms_of(bytes);
  }
  for (std::size_t k = 0; k < sizes.size() / 5; ++k) {
    view.document_started(1, "a", sizes[k], now);
    now += ms_of(sizes[k]);
    view.document_ended(1, false, now);
  }
  return std::abs(view.remaining(now).value() - (whole - now)) / (whole - now);
}

TEST(progress, guesses_the_end_of_a_skewed_corpus_from_sizes) {
  EXPECT_LT(error_at_a_fifth(true, 1), 0.05);
  EXPECT_LT(error_at_a_fifth(true, 3), 0.05) << "a machine that is three times as slow";
  EXPECT_LT(error_at_a_fifth(false, 1), 0.5) << "from the smallest fifth alone";
}

TEST(progress, a_document_that_is_tried_again_counts_once) {
  progress_view view(true, 80, 1, 0);
  view.expect(10);
  view.document_started(1, "a", 10, 0);
  view.document_given_back(1);
  view.document_started(1, "a", 10, 5);
  view.document_ended(1, true, 9);
  EXPECT_NE(view.lines(10)->back().find("1/1  100 %  1 failed"), std::string::npos);
}

}  // namespace
}  // namespace calque::host

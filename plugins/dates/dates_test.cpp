// SPDX-License-Identifier: Apache-2.0
// Dates as records print them, and what they are in EDTF.
#include "plugins/dates/date_parser.hpp"

#include <gtest/gtest.h>

using namespace calque::dates;

namespace {

/// "words = EDTF | …", in order.
std::string dates_in(std::string_view text, const reading &how = {}) {
  std::string out;
  for (const finding &f : find_dates(text, how))
    out += (out.empty() ? "" : " | ") + std::string(text.substr(f.begin, f.end - f.begin)) + " = " + f.edtf;
  return out;
}

/// The EDTF of the one date in a text.
std::string edtf_of(std::string_view text, const reading &how = {}) {
  const auto found = find_dates(text, how);
  std::string all;
  for (const finding &f : found) all += (all.empty() ? "" : " | ") + f.edtf;
  return all;
}

reading in_1962() {
  reading how;
  how.near = moment{.year = 1962, .month = 4, .day = 29};
  return how;
}

}  // namespace

TEST(edtf, writes_levels_0_to_2) {
  EXPECT_EQ(to_edtf({.year = 1962}), "1962");
  EXPECT_EQ(to_edtf({.year = 1962, .month = 4, .day = 9, .hour = 7, .minute = 5}), "1962-04-09T07:05");
  EXPECT_EQ(to_edtf({.year = 1962, .season = 21}), "1962-21");
  EXPECT_EQ(to_edtf({.year = 1950, .unknown_digits = 1}), "195X");
  EXPECT_EQ(to_edtf({.year = 1800, .unknown_digits = 2}), "18XX");
  EXPECT_EQ(to_edtf({.month = 4, .day = 24}), "XXXX-04-24");
  EXPECT_EQ(to_edtf({.year = 1962, .uncertain = true, .approximate = true}), "1962%");
}

TEST(edtf, knows_the_calendar) {
  EXPECT_TRUE(is_real({.year = 1960, .month = 2, .day = 29}));
  EXPECT_FALSE(is_real({.year = 1962, .month = 2, .day = 29}));
  EXPECT_TRUE(is_real({.month = 2, .day = 29}));
  EXPECT_EQ(to_edtf(next_day({.year = 1962, .month = 12, .day = 31})), "1963-01-01");
}

TEST(dates, in_english) {
  for (const char *text : {"29 April 1962", "April 29, 1962", "the 29th of April, 1962", "April 29th, 1962", "29 Apr. 1962",
                           "29-April-1962", "29.4.1962", "29.04.1962", "29/4/1962", "1962-04-29", "29/IV-1962", "29.IV.1962"})
    EXPECT_EQ(edtf_of(text), "1962-04-29") << text;
  EXPECT_EQ(dates_in("On 29 April 1962, the talks began."), "29 April 1962 = 1962-04-29");
  EXPECT_EQ(edtf_of("in April 1962"), "1962-04");
  EXPECT_EQ(edtf_of("April of 1962"), "1962-04");
  EXPECT_EQ(edtf_of("in the spring of 1962"), "1962-21");
  EXPECT_EQ(dates_in("31 April 1962"), "April 1962 = 1962-04");
}

TEST(dates, in_other_languages) {
  EXPECT_EQ(dates_in("Беседа 29 апреля 1962 г. в Москве"), "29 апреля 1962 г. = 1962-04-29");
  EXPECT_EQ(dates_in("于1962年4月29日在北京"), "1962年4月29日 = 1962-04-29");
  EXPECT_EQ(edtf_of("一九六二年四月二十九日"), "1962-04-29");
  EXPECT_EQ(edtf_of("1962年4月"), "1962-04");
  EXPECT_EQ(edtf_of("am 29. April 1962"), "1962-04-29");
  EXPECT_EQ(edtf_of("le 29 avril 1962"), "1962-04-29");
}

TEST(dates, in_numbers_go_by_the_option) {
  reading how;
  EXPECT_EQ(edtf_of("4/5/1962", how), "1962-05-04");
  how.order = numeric_order::month_first;
  EXPECT_EQ(edtf_of("4/5/1962", how), "1962-04-05");
  EXPECT_EQ(edtf_of("29/4/1962", how), "1962-04-29");
  EXPECT_EQ(edtf_of("4.5.1962", how), "1962-05-04");
  how.order = numeric_order::off;
  EXPECT_EQ(edtf_of("4/5/1962", how), "");
  EXPECT_EQ(edtf_of("29.04.62"), "1962-04-29?");
}

TEST(dates, that_are_not) {
  for (const char *text : {"PRC FMA 118-01764-05, 29-38.", "RVA 042-00017-03, 11-19", "20,000 to 30,000 people", "you may 5",
                           "at the march 3 of them", "in 3.5.1 of it", "Document 1962", "12:5", "F. 57, 12-19.", "1962",
                           "They may march.", "(p. 3)", "No. 1917"})
    EXPECT_EQ(dates_in(text), "") << text;
}

TEST(years, need_a_word_that_says_so) {
  EXPECT_EQ(dates_in("in 1958 and the agreement of 1953"), "1958 = 1958 | 1953 = 1953");
  EXPECT_EQ(edtf_of("a 1946 Supreme Soviet Resolution"), "1946");
  EXPECT_EQ(edtf_of("circa 1962"), "1962~");
  EXPECT_EQ(edtf_of("c. 1962"), "1962~");
  EXPECT_EQ(edtf_of("[1962?]"), "1962?");
  EXPECT_EQ(edtf_of("1962?"), "1962?");
  EXPECT_EQ(edtf_of("in the 1950s"), "195X");
  EXPECT_EQ(edtf_of("in the 19th century"), "18XX");
  EXPECT_EQ(edtf_of("in early 1962"), "1962~");
}

TEST(ranges, are_intervals) {
  EXPECT_EQ(dates_in("came between 1917 and 1933."), "1917 and 1933 = 1917/1933");
  EXPECT_EQ(edtf_of("29 April - 3 May 1962"), "1962-04-29/1962-05-03");
  EXPECT_EQ(edtf_of("28-30 April 1962"), "1962-04-28/1962-04-30");
  EXPECT_EQ(edtf_of("28 - 30 April 1962"), "1962-04-28/1962-04-30");
  EXPECT_EQ(edtf_of("April 28-30, 1962"), "1962-04-28/1962-04-30");
  EXPECT_EQ(edtf_of("from April 1961 to May 1962"), "1961-04/1962-05");
  EXPECT_EQ(edtf_of("28 and 29 April 1962"), "{1962-04-28,1962-04-29}");
  EXPECT_EQ(edtf_of("(1917-1933)"), "1917/1933");
}

TEST(times, go_with_their_date) {
  const std::string_view text = "Time: 29 April 1962, 5:50 p.m. - 7.50 p.m.";
  const auto found = find_dates(text, {});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].edtf, "1962-04-29T17:50/1962-04-29T19:50");
  ASSERT_EQ(found[0].printed.size(), 3u);
  auto printed = [&](size_t k) {
    return text.substr(found[0].printed[k].first, found[0].printed[k].second - found[0].printed[k].first);
  };
  EXPECT_EQ(printed(0), "29 April 1962");
  EXPECT_EQ(printed(1), "5:50 p.m.");
  EXPECT_EQ(printed(2), "7.50 p.m.");
}

TEST(times, in_all_forms) {
  EXPECT_EQ(edtf_of("29 April 1962 at 5 p.m."), "1962-04-29T17:00");
  EXPECT_EQ(edtf_of("29 April 1962, 17h50"), "1962-04-29T17:50");
  EXPECT_EQ(edtf_of("29 April 1962, 17:50-19:50"), "1962-04-29T17:50/1962-04-29T19:50");
  EXPECT_EQ(edtf_of("29 April 1962, 1750 hours"), "1962-04-29T17:50");
  EXPECT_EQ(edtf_of("April 29, 1962, noon"), "1962-04-29T12:00");
  EXPECT_EQ(edtf_of("July 27, 1963, 1 a.m."), "1963-07-27T01:00");
  EXPECT_EQ(edtf_of("29 April 1962, from 5 to 7 p.m."), "1962-04-29T17:00/1962-04-29T19:00");
  EXPECT_EQ(edtf_of("29 April 1962, 11 to 1 p.m."), "1962-04-29T11:00/1962-04-29T13:00");
  EXPECT_EQ(edtf_of("31 December 1962, 11 p.m. - 1 a.m."), "1962-12-31T23:00/1963-01-01T01:00");
  EXPECT_EQ(edtf_of("at 3 p.m. on 29 April 1962"), "1962-04-29T15:00");
  EXPECT_EQ(edtf_of("29 April 1962, 12:30 a.m."), "1962-04-29T00:30");
  EXPECT_EQ(edtf_of("at 5 p.m. they left"), "");
}

TEST(times, alone_are_of_the_day_that_is_known) {
  reading how = in_1962();
  how.times_alone = true;
  EXPECT_EQ(edtf_of("Time: 5:50 p.m. - 7.50 p.m.", how), "1962-04-29T17:50/1962-04-29T19:50");
}

TEST(inference, takes_the_year_of_the_document) {
  const auto found = find_dates("As I said on 24 April, it is so.", in_1962());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].edtf, "1962-04-24?");
  EXPECT_TRUE(found[0].is_inferred);
  EXPECT_EQ(edtf_of("in mid-April, he", in_1962()), "1962-04%");
  EXPECT_EQ(edtf_of("at the end of March this year", in_1962()), "1962-03%");
  EXPECT_EQ(edtf_of("since May we", in_1962()), "1962-05?");
}

TEST(inference, is_never_made_without_a_date_to_go_by) {
  EXPECT_EQ(edtf_of("on 24 April"), "XXXX-04-24");
  reading off = in_1962();
  off.infer = false;
  EXPECT_EQ(edtf_of("on 24 April", off), "XXXX-04-24");
}

TEST(long_texts, are_read_in_pieces) {
  std::string text;
  for (int k = 0; k < 20000; ++k) text += "On 29 April 1962 ";
  EXPECT_EQ(find_dates(text, {}).size(), 20000u);
}

// SPDX-License-Identifier: Apache-2.0
// The dates stage on whole documents.
#include "plugins/dates/dates.hpp"

#include <calque/testing.hpp>
#include <gtest/gtest.h>

using calque::testing::annotate;
using calque::testing::document;

namespace {

constexpr std::string_view layer = "calque.date/1";

}  // namespace

TEST(dates_stage, the_date_field_dates_what_prints_no_year) {
  const auto r = annotate<calque::dates::dates>(document::parse("field date: April 29, 1962\nparagraph: As I said on 24 April, no."));
  ASSERT_TRUE(r.ok);
  EXPECT_EQ(r.layer(layer),
            "date \"April 29, 1962\" edtf=1962-04-29 calendar=gregorian printed=\"April 29, 1962\"\n"
            "date \"24 April\" edtf=1962-04-24? calendar=gregorian printed=\"24 April\" certainty=low\n");
}

TEST(dates_stage, the_meetings_time_is_named) {
  const auto r = annotate<calque::dates::dates>(document::parse("paragraph: Time: 29 April 1962, 5:50 p.m. - 7.50 p.m."));
  EXPECT_EQ(r.layer(layer),
            "date \"29 April 1962, 5:50 p.m. - 7.50 p.m.\" edtf=1962-04-29T17:50/1962-04-29T19:50 calendar=gregorian "
            "printed=\"29 April 1962\" printed=\"5:50 p.m.\" printed=\"7.50 p.m.\" part=meeting\n");
}

TEST(dates_stage, an_hour_in_a_line_of_its_own_is_on_the_day_before_it) {
  const auto r = annotate<calque::dates::dates>(document::parse("paragraph: Date: 3 May 1961\nparagraph: Time: 5 p.m."));
  EXPECT_EQ(r.layer(layer),
            "date \"3 May 1961\" edtf=1961-05-03 calendar=gregorian printed=\"3 May 1961\" part=meeting\n"
            "date \"5 p.m.\" edtf=1961-05-03T17:00 calendar=gregorian printed=\"5 p.m.\" certainty=low part=meeting\n");
}

TEST(dates_stage, options_choose_order_and_inference) {
  const auto d = document::parse("field date: 4/5/1962\nparagraph: on 24 April");
  EXPECT_EQ(annotate<calque::dates::dates>(d, {{"numeric_order", "\"month-first\""}, {"infer_year", "false"}}).layer(layer),
            "date \"4/5/1962\" edtf=1962-04-05 calendar=gregorian printed=4/5/1962\n"
            "date \"24 April\" edtf=XXXX-04-24 calendar=gregorian printed=\"24 April\"\n");
}

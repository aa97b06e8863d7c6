// SPDX-License-Identifier: Apache-2.0
// Scripts by Unicode, languages only when sure.
#include "plugins/language/detect.hpp"

#include <gtest/gtest.h>

using namespace calque::language;

namespace {

std::string runs(std::string_view text, std::string_view script) {
  std::string out;
  for (const foreign_run &r : foreign_runs(text, script))
    out += (out.empty() ? "" : "|") + std::string(text.substr(r.begin, r.end - r.begin)) + "=" + std::string(r.script);
  return out;
}

}  // namespace

TEST(scripts, are_counted_by_letters) {
  EXPECT_EQ(count_script("Qiu Yanmei (邱雁梅)").script, "Latn");
  EXPECT_EQ(count_script("12, 3!").script, "");
  EXPECT_EQ(count_script("周恩来").script, "Hani");
  EXPECT_EQ(count_script("日本語です").script, "Jpan");
  EXPECT_EQ(count_script("김일성 동지").script, "Kore");
}

TEST(languages, of_enough_words_are_known) {
  EXPECT_EQ(detect("My government is concerned about the ferries that cross the river at night without any lanterns.", 60, {}).tag,
            "en");
  EXPECT_EQ(detect("Правительство озабочено тем, что лодки переходят реку ночью без фонарей, и просит ответа.", 60, {}).tag,
            "ru");
}

TEST(languages, of_names_and_numbers_are_not) {
  EXPECT_EQ(detect("Zhang Hanfu, 12-19", 60, {}).tag, "und");
  EXPECT_EQ(detect("", 60, {}).tag, "und");
}

TEST(languages, that_are_no_candidates_are_not_believed) {
  const std::string_view text = "My government is concerned about the ferries that cross the river at night.";
  EXPECT_EQ(detect(text, 60, {"ru", "zh"}).tag, "und");
  EXPECT_EQ(detect(text, 60, {"en-GB"}).tag, "en");
}

TEST(languages, follow_from_a_script_of_their_own_only) {
  EXPECT_EQ(by_script("Kore").tag, "ko");
  EXPECT_EQ(by_script("Hani").tag, "und-Hani");
  EXPECT_EQ(by_script("Cyrl").tag, "und-Cyrl");
  EXPECT_EQ(by_script("Latn").tag, "und");
  EXPECT_FALSE(by_script("Hani").is_known());
}

TEST(runs, are_stretches_of_another_script) {
  EXPECT_EQ(runs("Hao (郝文礼), Марина Вольская and 12", "Latn"), "郝文礼=Hani|Марина Вольская=Cyrl");
  EXPECT_EQ(runs("日本の Tokyo", "Jpan"), "Tokyo=Latn");
  EXPECT_EQ(runs("all in one", "Latn"), "");
}

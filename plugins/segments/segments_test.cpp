// SPDX-License-Identifier: Apache-2.0
// Where sentences end and where they only seem to.
#include "plugins/segments/sentence_breaks.hpp"

#include <gtest/gtest.h>

using calque::segments::sentence_breaker;

namespace {

/// The sentences with | between them.
std::string split(std::string_view text, const std::vector<std::string> &more = {}) {
  sentence_breaker breaker(more);
  std::string out;
  for (const auto &s : breaker.split(text))
    out += (out.empty() ? "" : "|") + std::string(text.substr(s.begin, s.end - s.begin));
  return out;
}

}  // namespace

TEST(sentence_breaks, stand_after_stops) {
  EXPECT_EQ(split("Good. Okay! Why? Never mind."), "Good.|Okay!|Why?|Never mind.");
}

TEST(sentence_breaks, leave_blanks_outside) {
  EXPECT_EQ(split("  Good.   Okay.  "), "Good.|Okay.");
}

TEST(sentence_breaks, of_nothing_are_none) {
  EXPECT_EQ(split(""), "");
  EXPECT_EQ(split("   "), "");
}

TEST(sentence_breaks, name_what_made_them) {
  sentence_breaker breaker({});
  const auto all = breaker.split("One. Two\nthree");
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].rule, "terminator");
  EXPECT_EQ(all[1].rule, "line_break");
  EXPECT_EQ(all[2].rule, "block_end");
}

TEST(sentence_breaks, do_not_stand_after_abbreviations) {
  EXPECT_EQ(split("Mr. Lin met Cde. Orlov. Dr. Wu left St. Ives."), "Mr. Lin met Cde. Orlov.|Dr. Wu left St. Ives.");
  EXPECT_EQ(split("See p. 3 and vol. 2, No. 5. Then d. 12, l. 7."), "See p. 3 and vol. 2, No. 5.|Then d. 12, l. 7.");
}

TEST(sentence_breaks, tell_the_answer_no_from_the_number) {
  EXPECT_EQ(split("No. I will not."), "No.|I will not.");
}

TEST(sentence_breaks, do_not_stand_after_initials) {
  EXPECT_EQ(split("He read A. P. Chekhov. So did I. Then J.F. Kent came."),
            "He read A. P. Chekhov.|So did I.|Then J.F. Kent came.");
  EXPECT_EQ(split("Это А. П. Чехов. Да."), "Это А. П. Чехов.|Да.");
}

TEST(sentence_breaks, stand_after_hours_when_a_sentence_follows) {
  EXPECT_EQ(split("He came at 5:50 p.m. and left. It was 6 p.m. The clock struck."),
            "He came at 5:50 p.m. and left.|It was 6 p.m.|The clock struck.");
}

TEST(sentence_breaks, keep_quotes_and_brackets_with_their_sentence) {
  EXPECT_EQ(split("He said \"Go.\" She went. (It was late.) They slept."),
            "He said \"Go.\"|She went.|(It was late.)|They slept.");
  EXPECT_EQ(split("He met him.[1] I am happy.[12] Yes."), "He met him.[1]|I am happy.[12]|Yes.");
  EXPECT_EQ(split("He left. [...] She came."), "He left.|[...]|She came.");
  EXPECT_EQ(split("\"Why?\" he asked. \"So.\""), "\"Why?\" he asked.|\"So.\"");
}

TEST(sentence_breaks, keep_the_number_of_a_paragraph) {
  EXPECT_EQ(split("364. Following is the text. 2. The bridge."), "364. Following is the text.|2. The bridge.");
}

TEST(sentence_breaks, know_east_asian_stops) {
  EXPECT_EQ(split("你好。我来了！“走。”他说"), "你好。|我来了！|“走。”|他说");
}

TEST(sentence_breaks, take_more_abbreviations) {
  EXPECT_EQ(split("Die Ges. Wien kam. Ende."), "Die Ges.|Wien kam.|Ende.");
  EXPECT_EQ(split("Die Ges. Wien kam. Ende.", {"Ges."}), "Die Ges. Wien kam.|Ende.");
}

TEST(sentence_breaks, cover_every_letter_once) {
  const std::string text = "A.[1][2] b. (C.) \"D?\" e! …f. 1. 2. x.[y z. W.";
  sentence_breaker breaker({});
  uint32_t last = 0;
  for (const auto &s : breaker.split(text)) {
    EXPECT_EQ(text.substr(last, s.begin - last).find_first_not_of(" "), std::string::npos);
    EXPECT_LT(s.begin, s.end);
    last = s.end;
  }
  EXPECT_EQ(last, text.size());
}

TEST(sentence_breaks, stand_before_numbers_where_the_word_is_no_abbreviation) {
  EXPECT_EQ(split("He waited at the harbour. 12 men came. \"Go.\" 3 left."),
            "He waited at the harbour.|12 men came.|\"Go.\"|3 left.");
  EXPECT_EQ(split("He slept in bldg. 3 of the camp."), "He slept in bldg. 3 of the camp.");
}

TEST(sentence_breaks, do_not_stand_after_dots_that_open_a_quotation) {
  EXPECT_EQ(split("He sang «... Моя любовь» to us. Then he left."), "He sang «... Моя любовь» to us.|Then he left.");
}

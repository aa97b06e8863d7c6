// SPDX-License-Identifier: Apache-2.0
// Pairs of paragraphs: cut ones, and those that only look like it.
#include "plugins/page_joins/joins.hpp"

#include <gtest/gtest.h>

namespace calque::plugins {
namespace {

TEST(joins, a_small_letter_goes_on) {
  EXPECT_EQ(join_of("Lin: I do not know how", "is this possible."), join::blank);
  EXPECT_EQ(join_of("on 28 March of", "this year, the head said so."), join::blank);
  EXPECT_EQ(join_of("They said it \"twice\"", "and then forgot."), join::blank);
  EXPECT_EQ(join_of("Мы считаем, что это", "нужно решить."), join::blank);
}

TEST(joins, brackets_at_the_break_are_part_of_the_sentence) {
  EXPECT_EQ(join_of("The delegation has handed it", "[the Ministry of Trade] to us."), join::blank);
  EXPECT_EQ(join_of("The committee signed the loan of", "[Drabkin?], more than once."), join::blank);
  EXPECT_EQ(join_of("We are still in Luhe", "[Drago], with great care."), join::blank);
  EXPECT_EQ(
      join_of("The delegation has studied the loan, more than once. [handwritten: approved]", "The talks went on."),
      join::none);
}

TEST(joins, a_capital_goes_on_only_after_an_open_end) {
  EXPECT_EQ(join_of("The delegation has studied the report of", "Comrade Lin, with great care."), join::blank);
  EXPECT_EQ(join_of("The delegation has studied the report of Comrade", "Lin with great care."), join::blank);
  EXPECT_EQ(join_of("We agreed in spring. The other side now speaks with the people of Port", "Arden, more than once."),
            join::blank);
  EXPECT_EQ(join_of("Record of the talks with the delegation of the trade union", "The delegation arrived at noon."),
            join::none);
  EXPECT_EQ(join_of("Minutes of Vice Minister Lin's Discussion with Ambassador Roe", "The talks began at noon."),
            join::none);
  EXPECT_EQ(join_of("Also Present: Bai Rong, Deputy Chief, Protocol Department; Igor Panin, Second Secretary",
                    "The delegation arrived."),
            join::none);
  EXPECT_EQ(join_of("Respectfully,", "N. Roe"), join::none);
}

TEST(joins, scripts_without_blanks_are_joined_as_they_are) {
  EXPECT_EQ(join_of("周恩来：我们认为，这个问题应该由双方的代表在下个月的", "会议上讨论。"), join::direct);
  EXPECT_EQ(join_of("会谈记录", "第一部分。"), join::none);
  EXPECT_EQ(join_of("周恩来：我们认为，这个问题应该由双方的代表在下个月讨论。", "会议结束。"), join::none);
}

TEST(joins, a_hyphen_keeps_its_word_together) {
  EXPECT_EQ(join_of("We spoke of the inter-", "national situation."), join::hyphen);
  EXPECT_EQ(join_of("We spoke of it -", "at some length."), join::blank);
}

TEST(joins, ends_labels_items_and_notes_keep_paragraphs_apart) {
  EXPECT_EQ(join_of("This is the end.", "and yet it goes on."), join::none);
  EXPECT_EQ(join_of("He said this:", "we agree."), join::none);
  EXPECT_EQ(join_of("the first point is this;", "the second is that;"), join::none);
  EXPECT_EQ(join_of("This is the end.[12]", "see there"), join::none);
  EXPECT_EQ(join_of("They went to the river and the", "Lin: Yes."), join::none);
  EXPECT_EQ(join_of("They went to the river and the", "- one of them"), join::none);
  EXPECT_EQ(join_of("They went to the river and the", "b) one of them"), join::none);
  EXPECT_EQ(join_of("They went to the river and the", "[1] See Document 62."), join::none);
  EXPECT_EQ(join_of("They went to the river and the", "[...]"), join::none);
  EXPECT_EQ(join_of("- Representations of the union of the people-", "on this."), join::none);
  EXPECT_EQ(join_of("(The Ambassador handed over a note on fishing rights)", "the talks began."), join::none);
  EXPECT_EQ(join_of("Resolution", "whereas it is so,"), join::none);
  EXPECT_EQ(join_of("Interpreters: Tao Min", "[You] have spoken of it."), join::none);
  EXPECT_EQ(join_of("It ended in friendship. [handwritten: approved]", "[I] have spoken of it."), join::none);
  EXPECT_EQ(join_of("Notes taken by: Tao Min", "[You] have spoken of it."), join::none);
  EXPECT_EQ(join_of("", "x"), join::none);
}

TEST(joins, numbers_of_pages) {
  EXPECT_EQ(page_number("- 12 -"), "12");
  EXPECT_EQ(page_number("[p. 12]"), "12");
  EXPECT_EQ(page_number("(p. 3)"), "3");
  EXPECT_EQ(page_number("Page 7"), "7");
  EXPECT_EQ(page_number("стр. 7"), "7");
  for (const char *text : {"12", "1957", "Page", "[sic]", "- twelve -", "[12] See there", "-"})
    EXPECT_EQ(page_number(text), "") << text;
}

}  // namespace
}  // namespace calque::plugins

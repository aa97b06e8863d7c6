// SPDX-License-Identifier: Apache-2.0
// What is a token, what is equal, and which languages are close.
#include "translation_memory/tokens.hpp"

#include <gtest/gtest.h>

#include "translation_memory/languages.hpp"

namespace calque::tm {
namespace {

TEST(tokens, words_and_signs_stand_apart) {
  tokenizer cut;
  EXPECT_EQ(cut.show("Hello, World! It's 5:30."), "hello|,|world|!|it's|5|:|30|.");
  EXPECT_EQ(cut.show("  a\n\tb  "), "a|b");
  EXPECT_EQ(cut.show(""), "");
  EXPECT_EQ(cut.show("'quoted' nations'"), "'|quoted|'|nations|'");
}

TEST(tokens, case_marks_and_apostrophes_of_printers_make_no_difference) {
  tokenizer cut;
  EXPECT_EQ(cut.show("ÉTAT d’État"), cut.show("E\u0301tat d'e\u0301tat"));
  EXPECT_EQ(cut.show("STRASSE"), "strasse");
  EXPECT_EQ(cut.show("Москва́ ТОМ"), "москва́|том");
  EXPECT_EQ(cut.show("so\u00adft"), "so|ft");
}

TEST(tokens, scripts_without_gaps_are_cut_into_characters) {
  tokenizer cut;
  EXPECT_EQ(cut.show("周总理说：你好"), "周|总|理|说|：|你|好");
  EXPECT_EQ(cut.show("東京へ2020年"), "東|京|へ|2020|年");
  EXPECT_EQ(cut.show("김일성 동지"), "김|일|성|동|지");
  EXPECT_EQ(cut.show("กำ"), "ก|ำ");
}

TEST(tokens, of_one_text_have_one_digest) {
  tokenizer cut;
  const auto first = cut.cut("The cat");
  EXPECT_EQ(first, cut.cut("the  CAT"));
  EXPECT_NE(first, cut.cut("the dog"));
}

TEST(exact_form, keeps_case_and_signs_but_not_runs_of_blanks) {
  EXPECT_EQ(exact_form("  A\u00a0 b\n"), "A b");
  EXPECT_NE(exact_form("A b"), exact_form("a b"));
  EXPECT_EQ(exact_form("e\u0301"), "é");
}

TEST(languages, have_one_spelling) {
  EXPECT_EQ(language_tag("EN-US"), "en-US");
  EXPECT_EQ(language_tag("zh_hans_cn"), "zh-Hans-CN");
  EXPECT_EQ(language_tag("x-12"), "x-12");
  EXPECT_EQ(language_tag("es-419"), "es-419");
  for (const char *bad : {"", "not a language!!", "en-", "-en", "e", "12", "abcdefghi", "en--US"})
    EXPECT_EQ(language_tag(bad), std::nullopt) << bad;
}

TEST(languages, are_close_when_one_is_the_begin_of_the_other) {
  EXPECT_TRUE(languages_meet("en", "en-US"));
  EXPECT_TRUE(languages_meet("en-US", "en"));
  EXPECT_TRUE(languages_meet("", "ru"));
  EXPECT_FALSE(languages_meet("en", "eng"));
  EXPECT_FALSE(languages_meet("en-US", "en-GB"));
}

}  // namespace
}  // namespace calque::tm

// SPDX-License-Identifier: Apache-2.0
// What can be a label, in the scripts and habits of many archives, and what is a sentence.
#include "plugins/common/labels.hpp"

#include <gtest/gtest.h>

namespace calque::plugins {
namespace {

/// "key|words after it", or "-" when there is no label.
std::string read(std::string_view line) {
  const auto found = find_label(line);
  return found ? found->key + "|" + std::string(line.substr(found->text_begin)) : "-";
}

TEST(labels, names_in_many_forms) {
  EXPECT_EQ(read("Zhang: Never mind."), "zhang|Never mind.");
  EXPECT_EQ(read("Comrade Mao: Yes."), "comrade mao|Yes.");
  EXPECT_EQ(read("KIM IL SUNG: Yes."), "kim il sung|Yes.");
  EXPECT_EQ(read("周恩来：好。"), "周恩来|好。");
  EXPECT_EQ(read("总理 周文远：好。"), "总理 周文远|好。");
  EXPECT_EQ(read("Чжоу Энь-лай: Да."), "чжоу энь-лай|Да.");
  EXPECT_EQ(read("Тов. Хрущев: Да."), "тов. хрущев|Да.");
  EXPECT_EQ(read("Q: Why?"), "q|Why?");
  EXPECT_EQ(read("[Unidentified]: Yes."), "unidentified|Yes.");
  EXPECT_EQ(read("[Unidentified male voice]: Yes."), "unidentified male voice|Yes.");
  EXPECT_EQ(read("Mr. K. – Yes."), "mr. k.|Yes.");
  EXPECT_EQ(read("MAO — Yes: indeed."), "mao|Yes: indeed.");
  EXPECT_EQ(read("Chargé d'Affaires Rochard: No."), "chargé d'affaires rochard|No.");
  EXPECT_EQ(read("de Gaulle: Non."), "de gaulle|Non.");
  EXPECT_EQ(read("Minister of Foreign Affairs Chen Yi: Good."), "minister of foreign affairs chen yi|Good.");
  EXPECT_EQ(read("Zhang (laughs): No."), "zhang|No.");
  EXPECT_EQ(read("Zhang [interrupting]: No."), "zhang|No.");
  EXPECT_EQ(read("Zhang:"), "zhang|");
  EXPECT_EQ(read("Lin, Vice Premier: Good."), "lin, vice premier|Good.");
  EXPECT_EQ(read("Speaker 2: Good."), "speaker 2|Good.");
}

TEST(labels, introductions_name_the_later_label) {
  auto intro = find_label("Vice Premier Lin (hereinafter referred to as \"Lin\"): Good.");
  ASSERT_TRUE(intro);
  EXPECT_TRUE(intro->introduces);
  EXPECT_EQ(intro->key, "vice premier lin");
  EXPECT_EQ(intro->short_name, "lin");
  intro = find_label("Director Xu Ming (hereinafter referred to as \"Xu): The truth is (as you know) this: no.");
  ASSERT_TRUE(intro);
  EXPECT_EQ(intro->short_name, "xu");
  intro = find_label("Director Xu Ming (hereinafter \"Xu\": The truth (as you know).");
  ASSERT_TRUE(intro);
  EXPECT_EQ(intro->short_name, "xu");
  EXPECT_EQ(find_label("Ambassador of X (hereafter Roe): Y")->short_name, "roe");
  EXPECT_EQ(find_label("总理周文远（以下简称“周”）：好。")->short_name, "周");
}

TEST(labels, sentences_and_numbers_are_none) {
  for (const char *line :
       {"I say this: we agree.", "The answer is this: no.", "At 5:50 we met.", "https://a.example: no", "Why? Lin: no",
        "He said: \"No.\"", "My point, Comrade, is clear: no.", "\"Lin\": a name.", "12: twelve", "[1] See: this.",
        "[Translator's note: a pun.] Yes.", "周恩来说：好。", "First, I will say: no.", "Beijing is far – I know it.",
        "1957 – 1958", "5 May – 6 May 1957", "", ":", "Point one: this"})
    EXPECT_EQ(read(line), "-") << line;
}

TEST(labels, ends_of_sentences) {
  for (const char *text : {"Yes.", "Why?", "So be it!\"", "done.)", "ended.[12]", "是。", "so…", "он сказал.»", "نعم؟"})
    EXPECT_TRUE(ends_sentence(text)) << text;
  for (const char *text : {"Yes", "the people. How", "in Luhe [Drago]", "one, ", "5 May 1957", "", "said:"})
    EXPECT_FALSE(ends_sentence(text)) << text;
}

}  // namespace
}  // namespace calque::plugins

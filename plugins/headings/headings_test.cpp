// SPDX-License-Identifier: Apache-2.0
// Lines that are headings, lines that only look like them, levels, and that nothing else changes.
#include "plugins/headings/headings.hpp"

#include <gtest/gtest.h>

#include <calque/testing.hpp>

#include "plugins/common/random_paragraphs.hpp"

namespace calque::plugins {
namespace {

using testing::document;
using testing::normalize;

/// Kinds and levels of the blocks after the stage.
std::string headed(const char *notation, const testing::settings &options = {}) {
  const auto done = normalize<headings>(document::parse(notation), options);
  EXPECT_TRUE(done.ok);
  std::string out;
  if (done.documents.empty()) return out;
  for (const node n : done.documents.front().view().main_flow())
    if (n.is(kind::heading)) out += std::string(n.attr("level").value_or("?")) + " " + std::string(n.text()) + "\n";
  return out;
}

TEST(headings, a_line_in_bold_or_capitals_above_text_is_one) {
  EXPECT_EQ(headed("paragraph: {strong The harbour}\nparagraph: Boats came.\nparagraph: They left."),
            "1 The harbour\n");
  EXPECT_EQ(headed("paragraph: ON THE TARIFFS\nparagraph: Boats came.\nparagraph: They left."), "1 ON THE TARIFFS\n");
  EXPECT_EQ(headed("paragraph: ON THE TARIFFS\nparagraph: Boats came.", {{"capitals", "false"}}), "");
  EXPECT_EQ(headed("paragraph: {strong The harbour}\nparagraph: Boats.\nparagraph: Left.", {{"bold", "false"}}), "");
}

TEST(headings, what_only_looks_like_one_stays) {
  // A stamp, a salutation, a sentence, a signature at the end, half a line in bold.
  EXPECT_EQ(headed("paragraph: TOP SECRET\nparagraph: Boats came."), "");
  EXPECT_EQ(headed("paragraph: {strong Dear Sir,}\nparagraph: Boats came.\nparagraph: They left."), "");
  EXPECT_EQ(headed("paragraph: WE AGREED.\nparagraph: Boats came."), "");
  EXPECT_EQ(headed("paragraph: Boats came.\nparagraph: LIN ZHAOHE"), "");
  EXPECT_EQ(headed("paragraph: {strong The} harbour\nparagraph: Boats came.\nparagraph: They left."), "");
  // An address, and a text that is all in capitals or bold.
  EXPECT_EQ(headed("paragraph: LIN ZHAOHE\nparagraph: GREEN HALL\nparagraph: LUHE\nparagraph: Boats came by night."),
            "");
  EXPECT_EQ(headed("paragraph: ON THE TARIFFS\nparagraph: BOATS CAME BY NIGHT. THEY LEFT."), "");
  EXPECT_EQ(headed("paragraph: {strong The harbour}\nparagraph: {strong Boats came.}\nparagraph: {strong They left.}"),
            "");
  EXPECT_EQ(headed("block_quote\n  paragraph: ON THE TARIFFS\n  paragraph: Boats came."), "");
  EXPECT_EQ(headed("paragraph: 郝文礼\nparagraph: Boats came."), "");
}

TEST(headings, numbers_must_count) {
  EXPECT_EQ(headed("paragraph: I.\nparagraph: Boats came.\nparagraph: II.\nparagraph: They left."), "1 I.\n1 II.\n");
  EXPECT_EQ(headed("paragraph: 1. Trade\nparagraph: a.\nparagraph: 1.1 Rates\nparagraph: b.\nparagraph: 1.2 Tolls\n"
                   "paragraph: c.\nparagraph: 2. Boats\nparagraph: d."),
            "1 1. Trade\n2 1.1 Rates\n2 1.2 Tolls\n1 2. Boats\n");
  EXPECT_EQ(headed("paragraph: I. Trade\nparagraph: Boats came.\nparagraph: III. Peace\nparagraph: They left."), "");
  EXPECT_EQ(headed("paragraph: 1. Trade\nparagraph: 2. Peace\nparagraph: 3. Boats\nparagraph: They left."), "");
  EXPECT_EQ(headed("paragraph: 1. trade and\nparagraph: Boats.\nparagraph: 2. peace\nparagraph: Left."), "");
  EXPECT_EQ(headed("paragraph: I.\nparagraph: Boats.\nparagraph: II.\nparagraph: Left.", {{"numbers", "false"}}), "");
}

TEST(headings, names_of_parts_have_levels) {
  EXPECT_EQ(headed("paragraph: Part I\nparagraph: Chapter 1\nparagraph: Boats came.\nparagraph: Article 2. Tolls\n"
                   "paragraph: b.\nparagraph: Chapter 2: Peace\nparagraph: c."),
            "1 Part I\n2 Chapter 1\n3 Article 2. Tolls\n2 Chapter 2: Peace\n");
  EXPECT_EQ(headed("paragraph: 第一章 渡船\nparagraph: 雙方談了渡船的事。"), "1 第一章 渡船\n");
  EXPECT_EQ(headed("paragraph: Article 5 of the treaty says so\nparagraph: Boats came."), "");
}

TEST(headings, the_first_one_stands_highest) {
  EXPECT_EQ(headed("paragraph: I. Boats\nparagraph: a.\nparagraph: II. Tolls\nparagraph: b.\nparagraph: Part 1\n"
                   "paragraph: c."),
            "1 I. Boats\n1 II. Tolls\n1 Part 1\n");
}

TEST(headings, found_ones_stand_below_those_of_the_document) {
  EXPECT_EQ(headed("heading level=1: Talks\nparagraph: Boats came.\nparagraph: ON THE TARIFFS\nparagraph: They left."),
            "1 Talks\n2 ON THE TARIFFS\n");
}

TEST(headings, levels_have_no_jumps) {
  const char *jumps =
      "heading level=1: a\nheading level=3: b\nheading level=3: c\nheading level=6: d\nheading level=2: e";
  EXPECT_EQ(headed(jumps), "1 a\n2 b\n2 c\n3 d\n2 e\n");
  EXPECT_EQ(headed(jumps, {{"levels", "\"keep\""}}), "1 a\n3 b\n3 c\n6 d\n2 e\n");
  EXPECT_EQ(headed("heading level=2: a\nheading level=3: b"), "2 a\n3 b\n");
}

TEST(headings, each_change_is_said) {
  const auto done = normalize<headings>(document::parse(
      "heading level=1: a\nheading level=3: b\nparagraph: ON THE TARIFFS\nparagraph: Boats came by night."));
  ASSERT_EQ(done.diagnostics.size(), 2u);
  EXPECT_EQ(done.diagnostics[0].code, "headings.level");
  EXPECT_EQ(done.diagnostics[1].code, "headings.found");
}

TEST(headings, a_second_run_changes_nothing_and_no_letter_is_ever_touched) {
  int changed = 0;
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    const document before = document::parse(random_paragraphs(seed));
    const auto once = normalize<headings>(before);
    ASSERT_TRUE(once.ok) << seed;
    EXPECT_EQ(once.documents.front().view().text(), before.view().text()) << seed;
    changed += once.text() == before.text() ? 0 : 1;
    const auto twice = normalize<headings>(once.documents.front());
    ASSERT_TRUE(twice.ok) << seed;
    EXPECT_EQ(twice.documents.front().dump(), once.documents.front().dump()) << seed << "\n" << random_paragraphs(seed);
  }
  EXPECT_GT(changed, 30);
}

}  // namespace
}  // namespace calque::plugins

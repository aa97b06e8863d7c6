// SPDX-License-Identifier: Apache-2.0
// The editorial stage on whole documents.
#include "plugins/editorial/editorial.hpp"

#include <gtest/gtest.h>
#include <calque/testing.hpp>

using calque::editorial::editorial;
using calque::testing::annotate;
using calque::testing::document;

TEST(editorial_stage, writes_interventions_with_their_signs) {
  const auto r = annotate<editorial>(document::parse("paragraph: [I] saw Luhe [Drago]."));
  ASSERT_TRUE(r.ok);
  EXPECT_EQ(r.layer("calque.editorial/1"),
            "supplied \"[I]\" open=[ close=]\nmarked \"Luhe\"\n"
            "variant_name \"[Drago]\" open=[ close=] marks→\"Luhe\"\n");
}

TEST(editorial_stage, reads_across_inlines_and_soft_breaks_but_not_across_blocks) {
  const auto r = annotate<editorial>(document::parse(
      "paragraph: He left [the {emphasis two}␣words illegible] there.\nparagraph: one [two\nparagraph: three] four"));
  ASSERT_TRUE(r.ok);
  EXPECT_EQ(r.layer("calque.editorial/1"),
            "illegible \"[the two words illegible]\" open=[ close=] extent=\"the two words\"\n");
  ASSERT_EQ(r.diagnostics.size(), 2u);
  EXPECT_EQ(r.diagnostics[0].code, "editorial.unclosed-bracket");
  EXPECT_EQ(r.diagnostics[1].code, "editorial.unopened-bracket");
}

TEST(editorial_stage, leaves_fields_and_bracketed_labels_alone) {
  const auto r = annotate<editorial>(
      document::parse("field title: Talks [sic]\nheading level=1: Talks with [Unidentified]\nspeech\n  speaker: "
                      "[Unidentified]:\n  paragraph: Yes [sic]."));
  ASSERT_TRUE(r.ok);
  EXPECT_EQ(r.layer("calque.editorial/1"), "marked \"Yes\"\nsic \"[sic]\" open=[ close=] marks→\"Yes\"\n");
}

TEST(editorial_stage, knows_the_speakers_names) {
  const auto r = annotate<editorial>(document::parse("speech\n  speaker: Ordyn:\n  paragraph: I am Ordyn [Pavel]."));
  ASSERT_TRUE(r.ok);
  EXPECT_EQ(r.layer("calque.editorial/1"), "supplied \"[Pavel]\" open=[ close=]\n");
}

TEST(editorial_stage, refuses_a_vocabulary_that_it_cannot_read) {
  const auto r = annotate<editorial>(document::parse("paragraph: x"), {{"vocabulary", "[\"sello = stamp\"]"}});
  EXPECT_FALSE(r.ok);
  ASSERT_FALSE(r.diagnostics.empty());
  EXPECT_EQ(r.diagnostics[0].code, "editorial.bad-vocabulary");
}

TEST(editorial_stage, bears_deep_nesting) {
  const std::string deep = std::string(1500, '[') + "x" + std::string(1500, ']');
  const auto r = annotate<editorial>(document::parse("paragraph: " + deep));
  EXPECT_TRUE(r.ok);
}

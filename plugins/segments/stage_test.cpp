// SPDX-License-Identifier: Apache-2.0
// The segments stage on whole documents.
#include "plugins/segments/segments.hpp"

#include <calque/testing.hpp>
#include <gtest/gtest.h>

using calque::testing::annotate;
using calque::testing::document;

TEST(segments_stage, sentences_cross_inlines_but_never_blocks) {
  const auto r = annotate<calque::segments::segments>(
      document::parse("field title: A title.\nheading level=1: Talks\nparagraph: One {emphasis two.} Three\nparagraph: four.{anchor 1}\n"
                      "aside note 1\n  paragraph: Said twice. Yes."));
  ASSERT_TRUE(r.ok);
  EXPECT_EQ(r.layer("calque.segment/1"),
            "sentence \"Talks\" rule=block_end\nsentence \"One two.\" rule=terminator\nsentence \"Three\" rule=block_end\n"
            "sentence \"four.\" rule=block_end\nsentence \"Said twice.\" rule=terminator\nsentence \"Yes.\" rule=block_end\n");
}

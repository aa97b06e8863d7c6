// SPDX-License-Identifier: Apache-2.0
// The dialogue importer on small inputs, run by the host's own boundaries.
#include "dialogue.hpp"

#include <calque/testing.hpp>
#include <gtest/gtest.h>

using calque::testing::import;

TEST(dialogue, a_name_and_a_mark_make_a_speech) {
  auto read = import<dialogue::importer>("# Talks\nLin>Good morning.\n");
  ASSERT_TRUE(read.ok);
  EXPECT_EQ(read.text(), "heading: Talks\nspeech\n  speaker: Lin\n  paragraph: Good morning.\n");
}

TEST(dialogue, the_mark_is_an_option) {
  auto read = import<dialogue::importer>("Lin: Good morning.", "talk.dialogue", {{"mark", "\":\""}});
  ASSERT_TRUE(read.ok);
  EXPECT_EQ(read.text(), "speech\n  speaker: Lin\n  paragraph:  Good morning.\n");
}

TEST(dialogue, an_unknown_option_is_refused) {
  auto read = import<dialogue::importer>("", "talk.dialogue", {{"marc", "\":\""}});
  EXPECT_FALSE(read.ok);
}

// SPDX-License-Identifier: Apache-2.0
// The cast stage on whole documents.
#include "plugins/cast/cast.hpp"

#include <calque/testing.hpp>
#include <gtest/gtest.h>

using calque::testing::annotate;
using calque::testing::document;

TEST(cast_stage, every_speech_refers_to_its_person) {
  const auto r = annotate<calque::cast::cast>(document::parse(
      "paragraph: Interpreter: Tao Min\nspeech\n  speaker: Envoy Sokol (hereinafter referred to as \"Sokol):\n  paragraph: Yes.\n"
      "speech\n  speaker: Sokol:\n  paragraph: No."));
  ASSERT_TRUE(r.ok);
  EXPECT_EQ(r.layer("calque.name/1"),
            "person \"Tao Min\" key=tao-min full=\"Tao Min\" short=\"Tao Min\" part=interpreter\n"
            "speaker on speech \"Envoy Sokol (hereinafter referred to as \\\"Sokol):Yes.\" person→\"Envoy Sokol\"\n"
            "person \"Envoy Sokol\" key=sokol full=\"Envoy Sokol\" short=Sokol part=speaker\n"
            "speaker on speech \"Sokol:No.\" person→\"Envoy Sokol\"\n");
}

TEST(cast_stage, a_label_without_a_value_announces_what_follows) {
  const auto r = annotate<calque::cast::cast>(document::parse(
      "paragraph: Participants:\nbullet_list\n  list_item: Bai Rong, Deputy Chief\n  list_item: Igor Panin\nparagraph: They met."));
  ASSERT_TRUE(r.ok);
  EXPECT_EQ(r.layer("calque.name/1"),
            "person \"Bai Rong\" key=bai-rong full=\"Bai Rong\" short=\"Bai Rong\" part=participant role=\"Deputy Chief\"\n"
            "person \"Igor Panin\" key=igor-panin full=\"Igor Panin\" short=\"Igor Panin\" part=participant\n");
}

TEST(cast_stage, labels_of_ones_own) {
  const auto r = annotate<calque::cast::cast>(document::parse("paragraph: Ort: Grüner Saal"), {{"venue_labels", "[\"Ort\"]"}});
  EXPECT_EQ(r.layer("calque.name/1"), "place \"Grüner Saal\" part=venue full=\"Grüner Saal\"\n");
}

TEST(cast_stage, a_document_without_speeches_has_no_cast) {
  const auto r = annotate<calque::cast::cast>(document::parse("paragraph: Nobody spoke."));
  EXPECT_TRUE(r.ok);
  EXPECT_EQ(r.layer("calque.name/1"), "");
}

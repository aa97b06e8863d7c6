// SPDX-License-Identifier: Apache-2.0
// The language stage on whole documents.
#include "plugins/language/language.hpp"
#include "plugins/language/original.hpp"

#include <calque/testing.hpp>
#include <gtest/gtest.h>

using calque::testing::annotate;
using calque::testing::document;

namespace {

/// kind, text (or the node's kind) and tag of every annotation.
std::string tags(const calque::testing::outcome &r) {
  std::string out;
  const auto view = r.documents.at(0).view();
  const calque::id_index ids(view);
  for (const auto &a : view.annotations("calque.language/1"))
    out += (a.node_id() ? std::string(ids.node(*a.node_id())->kind_name()) : std::string(view.text(a.range()))) + "=" +
           std::string(*a.value("tag")) + " ";
  return out;
}

constexpr std::string_view english = "The interpreter read the letters of the ferrymen aloud, and nobody on the bank said anything at all.";

}  // namespace

TEST(language_stage, names_the_document_and_what_deviates) {
  // A letter of Cyrillic is two bytes, and shares are of bytes.
  const std::string three = std::string(english) + " " + std::string(english) + " " + std::string(english), most = three + " " + three;
  const auto r = annotate<calque::language::language>(document::parse(
      "paragraph: " + most + " (邱雁梅) " + most + "\nparagraph: Правительство озабочено тем, что лодки переходят реку ночью без "
      "фонарей, и просит ответа на свои письма."));
  ASSERT_TRUE(r.ok);
  EXPECT_EQ(tags(r), "document=en 邱雁梅=und-Hani paragraph=ru ");
}

TEST(language_stage, says_what_a_translation_was_translated_from) {
  auto tag = [](std::string_view original) {
    return tags(annotate<calque::language::language>(
        document::parse("field calque.original_language: " + std::string(original) + "\nparagraph: " + std::string(english))));
  };
  EXPECT_EQ(tag("Chinese"), "document=en-t-zh ");
  EXPECT_EQ(tag("zh-Hant"), "document=en-t-zh-hant ");
  EXPECT_EQ(tag("русский"), "document=en-t-ru aside=und-Cyrl ");
  // Its own language, none, and more than one say nothing.
  EXPECT_EQ(tag("English"), "document=en ");
  EXPECT_EQ(tag("unknown"), "document=en ");
  EXPECT_EQ(tag("Chinese and Russian"), "document=en ");
}

TEST(language_stage, says_und_when_unsure) {
  EXPECT_EQ(tags(annotate<calque::language::language>(document::parse("paragraph: Zhang: 12."))), "document=und ");
  EXPECT_EQ(tags(annotate<calque::language::language>(document::parse("paragraph: 12."))), "document=und ");
}

TEST(language_stage, short_fields_and_names_stay_with_the_document) {
  const auto r = annotate<calque::language::language>(
      document::parse("field title: Ordyntsev Qiu\nparagraph: " + std::string(english)));
  EXPECT_EQ(tags(r), "document=en ");
}

TEST(language_named, knows_tags_and_names) {
  using calque::language::language_named;
  EXPECT_EQ(language_named("zh"), "zh");
  EXPECT_EQ(language_named("sr-Cyrl"), "sr-Cyrl");
  EXPECT_EQ(language_named(" uyghur "), "ug");
  EXPECT_EQ(language_named("Chinese (Simplified)"), "zh");
  EXPECT_EQ(language_named("Китайский."), "zh");
  EXPECT_EQ(language_named("中文"), "zh");
  EXPECT_EQ(language_named("俄语"), "ru");
  EXPECT_EQ(language_named("français"), "fr");
  for (const char *none : {"", "xx", "in", "Translation - English", "the original", "(Chinese)", "Klingon, maybe"})
    EXPECT_EQ(language_named(none), "") << none;
}

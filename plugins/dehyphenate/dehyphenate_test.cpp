// SPDX-License-Identifier: Apache-2.0
// Words that a line end cut, hyphens that stay, points between the halves, and that no letter is ever lost.
#include "plugins/dehyphenate/dehyphenate.hpp"

#include <gtest/gtest.h>

#include <calque/testing.hpp>

#include <fstream>

#include "plugins/common/random_paragraphs.hpp"

namespace calque::plugins {
namespace {

using testing::document;
using testing::normalize;

std::string joined(const std::string &notation, const testing::settings &options = {}) {
  const auto done = normalize<dehyphenate>(document::parse(notation), options);
  EXPECT_TRUE(done.ok) << (done.diagnostics.empty() ? "" : done.diagnostics.front().message);
  return done.ok ? std::string(done.documents.front().view().text()) : "";
}

TEST(dehyphenate, a_word_that_is_known_from_elsewhere_is_one_again) {
  EXPECT_EQ(joined("paragraph: The inter-␣national trade, International."), "The international trade, International.");
  EXPECT_EQ(joined("paragraph: Das Schiff-⏎fahrtsamt.{anchor 1}\naside note 1\n  paragraph: schifffahrtsamt"),
            "Das Schifffahrtsamt.schifffahrtsamt");
  EXPECT_EQ(joined("paragraph: Мы гово-␣рили и говорили."), "Мы говорили и говорили.");
  EXPECT_EQ(joined("paragraph: {emphasis The inter-␣national} international"), "The international international");
}

TEST(dehyphenate, what_is_in_doubt_stays) {
  for (const char *kept : {"The inter- national trade.", "a well- known fact, well-known and wellknown"}) {
    std::string notation = std::string("paragraph: ") + kept;
    notation.replace(notation.find("- "), 2, "-␣");
    EXPECT_EQ(joined(notation), kept);
  }
  // A name, a figure, a third part, one letter, an inline that ends, code.
  EXPECT_EQ(joined("paragraph: Sino-␣Soviet SinoSoviet"), "Sino- Soviet SinoSoviet");
  EXPECT_EQ(joined("paragraph: mid-␣1951 mid1951"), "mid- 1951 mid1951");
  EXPECT_EQ(joined("paragraph: out-␣of-doors outof"), "out- of-doors outof");
  EXPECT_EQ(joined("paragraph: a-␣way away"), "a- way away");
  EXPECT_EQ(joined("paragraph: {emphasis inter-}␣national international"), "inter- national international");
  EXPECT_EQ(joined("code_block: inter-␣national\nparagraph: international"), "inter- nationalinternational");
}

TEST(dehyphenate, a_soft_hyphen_at_a_line_end_goes_and_others_stay) {
  EXPECT_EQ(joined("paragraph: The inter\u00AD␣national tra\u00ADde"), "The international tra\u00ADde");
}

TEST(dehyphenate, a_word_list_knows_words) {
  const std::string path = ::testing::TempDir() + "dehyphenate_words.txt";
  std::ofstream(path) << "Boat\r\nInternational\r\n";
  EXPECT_EQ(joined("paragraph: The inter-␣national trade", {{"words", "[\"" + path + "\"]"}}),
            "The international trade");
  const auto done = normalize<dehyphenate>(document::parse("paragraph: x"), {{"words", "[\"/nowhere/words\"]"}});
  EXPECT_FALSE(done.ok);
}

TEST(dehyphenate, each_join_is_in_the_account) {
  const auto done = normalize<dehyphenate>(document::parse("paragraph: The inter-␣national trade, international"));
  EXPECT_NE(done.ledger.find("dehyphenate.joined"), std::string::npos);
}

/// Lays points of a page and a line into the first word that a line end cuts.
struct points : annotator {
  static constexpr stage_info info{"test.points", "1", "Points between the halves of a word"};
  static constexpr auto written_layers = list("calque.page/1", "calque.line/1");
  void run(document_view document, marks &out) const {
    const auto at = static_cast<uint32_t>(document.text().find("national"));
    out.point("calque.page/1", "page", at).text("n", "2");
    out.point("calque.line/1", "line", at);
  }
};

TEST(dehyphenate, points_between_the_halves_keep_their_place) {
  const auto marked = testing::annotate<points>(document::parse("paragraph: The inter-␣national trade, international"));
  ASSERT_TRUE(marked.ok);
  const auto done = normalize<dehyphenate>(marked.documents.front());
  ASSERT_TRUE(done.ok);
  EXPECT_EQ(done.layer("calque.page/1"), "page @ \"national trade, internat\" n=2\n");
  EXPECT_EQ(done.layer("calque.line/1"), "line @ \"national trade, internat\"\n");
}

std::string letters(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '-' && c != ' ' && c != '\n') out += c;
  for (size_t at; (at = out.find("\u00AD")) != std::string::npos;) out.erase(at, 2);
  return out;
}

TEST(dehyphenate, a_second_run_changes_nothing_and_all_letters_stay) {
  int changed = 0;
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    const document before = document::parse(random_paragraphs(seed));
    const auto once = normalize<dehyphenate>(before);
    ASSERT_TRUE(once.ok) << seed;
    EXPECT_EQ(letters(once.documents.front().view().text()), letters(before.view().text())) << seed;
    changed += once.text() == before.text() ? 0 : 1;
    const auto twice = normalize<dehyphenate>(once.documents.front());
    ASSERT_TRUE(twice.ok) << seed;
    EXPECT_EQ(twice.documents.front().dump(), once.documents.front().dump()) << seed << "\n" << random_paragraphs(seed);
  }
  EXPECT_GT(changed, 30);
}

}  // namespace
}  // namespace calque::plugins

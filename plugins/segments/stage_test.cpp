// SPDX-License-Identifier: Apache-2.0
// The segments stage on whole documents.
#include "plugins/segments/segments.hpp"

#include <gtest/gtest.h>
#include <calque/testing.hpp>

#include <fstream>

using calque::annotator;
using calque::document_view;
using calque::marks;
using calque::segments::segments;
using calque::testing::annotate;
using calque::testing::document;

namespace {

/// A file whose rules for each language break behind a sign of its own; notes are left whole when `subflows` is "no".
std::string rules_file(
    const std::string &subflows = "yes",
    const std::string &maps =
        "<languagemap languagepattern=\"en.*\" "
        "languagerulename=\"dot\"/><languagemap languagepattern=\"ru\" languagerulename=\"bang\"/>") {
  const std::string path = testing::TempDir() + "segments_" + subflows + std::to_string(maps.size()) + ".srx";
  std::ofstream(path)
      << "<srx xmlns='http://www.lisa.org/srx20' version='2.0'><header segmentsubflows='" << subflows
      << "' cascade='no'/><body><languagerules><languagerule languagerulename='dot'><rule><beforebreak>\\."
         "</beforebreak></rule></languagerule><languagerule languagerulename='bang'><rule><beforebreak>!"
         "</beforebreak></rule></languagerule></languagerules><maprules>"
      << maps << "</maprules></body></srx>";
  return path;
}

calque::testing::settings with(const std::string &path, const std::string &language = "") {
  return {{"rules", "\"" + path + "\""}, {"language", "\"" + language + "\""}};
}

/// Says that the first paragraph is Russian, and all else English.
struct languages : annotator {
  static constexpr calque::stage_info info{"test.languages", "1", "Languages of a document"};
  static constexpr auto written_layers = calque::list("calque.language/1");
  void run(document_view document, marks &out) const {
    constexpr std::string_view layer = "calque.language/1";
    out.node(layer, "language", document.root().id()).text("tag", "en");
    for (const auto n : document.nodes())
      if (n.is(calque::kind::paragraph) && n.text().starts_with("R"))
        out.node(layer, "language", n.id()).text("tag", "ru");
    for (const auto n : document.nodes())
      if (n.is(calque::kind::cell) && n.text().starts_with("R"))
        out.span(layer, "language", n.range()).text("tag", "ru");
  }
};

}  // namespace

TEST(segments_stage, sentences_cross_inlines_but_never_blocks) {
  const auto r =
      annotate<segments>(document::parse("field title: A title.\nheading level=1: Talks\nparagraph: One {emphasis "
                                         "two.} Three\nparagraph: four.{anchor 1}\n"
                                         "aside note 1\n  paragraph: Said twice. Yes."));
  ASSERT_TRUE(r.ok);
  EXPECT_EQ(
      r.layer("calque.segment/1"),
      "sentence \"Talks\" rule=block_end\nsentence \"One two.\" rule=terminator\nsentence \"Three\" rule=block_end\n"
      "sentence \"four.\" rule=block_end\nsentence \"Said twice.\" rule=terminator\nsentence \"Yes.\" "
      "rule=block_end\n");
}

TEST(segments_stage, rules_of_a_file_stay_within_blocks) {
  const auto r =
      annotate<segments>(document::parse("paragraph: One {emphasis two.Three.}\nparagraph: four! Five.{anchor 1}six\n"
                                         "aside note 1\n  paragraph: Said. Yes."),
                         with(rules_file(), "en"));
  ASSERT_TRUE(r.ok);
  EXPECT_EQ(
      r.layer("calque.segment/1"),
      "sentence \"One two.\" rule=dot#1\nsentence \"Three.\" rule=block_end\nsentence \"four! Five.\" rule=dot#1\n"
      "sentence \"six\" rule=block_end\nsentence \"Said.\" rule=dot#1\nsentence \"Yes.\" rule=block_end\n");
}

TEST(segments_stage, subflows_stay_whole_where_the_file_says_so) {
  const auto r = annotate<segments>(document::parse("paragraph: a. b{anchor 1}\naside note 1\n  paragraph: Said. Yes."),
                                    with(rules_file("no"), "en"));
  ASSERT_TRUE(r.ok);
  EXPECT_EQ(r.layer("calque.segment/1"),
            "sentence \"a.\" rule=dot#1\nsentence \"b\" rule=block_end\nsentence \"Said. Yes.\" rule=block_end\n");
}

TEST(segments_stage, a_block_has_the_language_of_the_nearest_node_that_says_one) {
  const auto r =
      annotate<segments>(document::parse("block_quote lang=en-GB\n  paragraph: a. b! c\n  paragraph lang=ru: d. e! f\n"
                                         "  paragraph: g. h! i\nparagraph lang=ru: j. k! l"),
                         with(rules_file()));
  ASSERT_TRUE(r.ok);
  EXPECT_EQ(r.layer("calque.segment/1"),
            "sentence \"a.\" rule=dot#1\nsentence \"b! c\" rule=block_end\nsentence \"d. e!\" rule=bang#1\n"
            "sentence \"f\" rule=block_end\nsentence \"g.\" rule=dot#1\nsentence \"h! i\" rule=block_end\n"
            "sentence \"j. k!\" rule=bang#1\nsentence \"l\" rule=block_end\n");
}

TEST(segments_stage, else_the_language_layer_says_it) {
  const auto named = annotate<languages>(document::parse(
      "paragraph: R. r! r\nparagraph: E. e! e\nparagraph lang=en: R. r! r\ntable\n  row\n    cell: R. r! r\n"
      "    cell: E. e! e"));
  ASSERT_TRUE(named.ok);
  const auto r = annotate<segments>(named.documents.front(), with(rules_file()));
  ASSERT_TRUE(r.ok);
  const std::string russian = "sentence \"R. r!\" rule=bang#1\nsentence \"r\" rule=block_end\n";
  const std::string english = "sentence \"E.\" rule=dot#1\nsentence \"e! e\" rule=block_end\n";
  const std::string overruled = "sentence \"R.\" rule=dot#1\nsentence \"r! r\" rule=block_end\n";
  EXPECT_EQ(r.layer("calque.segment/1"), russian + english + overruled + russian + english);
}

TEST(segments_stage, a_language_without_rules_has_the_built_in_ones_and_that_is_said) {
  const auto r = annotate<segments>(
      document::parse("paragraph lang=fr: Oui. Non!\nparagraph lang=fr: Bon. Va.\nparagraph: a b"), with(rules_file()));
  ASSERT_TRUE(r.ok);
  EXPECT_EQ(r.layer("calque.segment/1"),
            "sentence \"Oui.\" rule=terminator\nsentence \"Non!\" rule=block_end\nsentence \"Bon.\" rule=terminator\n"
            "sentence \"Va.\" rule=block_end\nsentence \"a b\" rule=block_end\n");
  ASSERT_EQ(r.diagnostics.size(), 2u);
  EXPECT_EQ(r.diagnostics[0].code, "segments.no-rules");
  EXPECT_NE(r.diagnostics[0].message.find("has no rules for the language fr"), std::string::npos);
  EXPECT_NE(r.diagnostics[1].message.find("whose language nobody names"), std::string::npos);
}

TEST(segments_stage, a_file_that_cannot_be_used_fails_before_there_is_a_document) {
  for (const auto &[path, why] : {std::pair<std::string, std::string>{"/nowhere/rules.srx", "cannot be read"},
                                  {rules_file("yes", ""), "it has no <languagemap>"}}) {
    const auto r = annotate<segments>(document::parse("paragraph: x"), with(path));
    EXPECT_FALSE(r.ok);
    ASSERT_FALSE(r.diagnostics.empty());
    EXPECT_EQ(r.diagnostics.front().code, "segments.bad-rules");
    EXPECT_NE(r.diagnostics.front().message.find(why), std::string::npos) << r.diagnostics.front().message;
  }
}

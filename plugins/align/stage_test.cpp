// SPDX-License-Identifier: Apache-2.0
// The align stage on whole documents.
#include "plugins/align/align.hpp"

#include "plugins/common/text_blocks.hpp"

#include <gtest/gtest.h>
#include <calque/testing.hpp>

using calque::testing::annotate;
using calque::testing::document;
using calque::testing::outcome;

namespace {

/// Each block is a sentence.
struct one_a_block : calque::annotator {
  static constexpr calque::stage_info info{"test.one_a_block", "0.1.0", "Makes a sentence of each block"};
  static constexpr auto written_layers = calque::list("calque.segment/1");
  void run(calque::document_view document, calque::marks &out) const {
    out.touch("calque.segment/1");
    for (const auto &block : calque::plugins::text_blocks(document))
      out.span("calque.segment/1", "sentence", block.range);
  }
};

outcome aligned(std::string_view notation, const calque::testing::settings &options = {}) {
  const auto segmented = annotate<one_a_block>(document::parse(notation));
  return annotate<calque::align::align>(segmented.documents.at(0), options);
}

std::string codes(const outcome &r) {
  std::string all;
  for (const auto &d : r.diagnostics) all += d.severity + " " + d.code + "\n";
  return all;
}

/// The layer without its scores.
std::string links(const outcome &r) {
  std::string text = r.layer("calque.alignment/1");
  for (size_t at; (at = text.find(" score=")) != std::string::npos;) text.erase(at, text.find(' ', at + 1) - at);
  return text;
}

constexpr std::string_view two =
    "version lang=en\n  heading level=1: Talks\n  paragraph: Orlov came in 1958.{anchor 1}\n  aside note 1\n"
    "    paragraph: Archive 17, file 4.\n  paragraph: He left in 1959.\n"
    "version lang=ru\n  heading level=1: Беседа\n  paragraph: Орлов приехал в 1958 г.{anchor 2}\n  aside note 2\n"
    "    paragraph: Архив 17, дело 4.\n  paragraph: Он уехал в 1959 г.\n";

}  // namespace

TEST(align_stage, notes_are_tied_to_notes_and_headings_to_headings) {
  const auto r = aligned(two);
  ASSERT_TRUE(r.ok);
  EXPECT_EQ(links(r),
            "link \"Talks\" source→\"Talks\" target→\"Беседа\" node=12\n"
            "link \"Orlov came in 1958.\" source→\"Orlov came in 1958.\" target→\"Орлов приехал в 1958 г.\" node=12\n"
            "link \"Archive 17, file 4.\" source→\"Archive 17, file 4.\" target→\"Архив 17, дело 4.\" node=12\n"
            "link \"He left in 1959.\" source→\"He left in 1959.\" target→\"Он уехал в 1959 г.\" node=12\n");
}

TEST(align_stage, a_note_of_one_version_stands_alone) {
  std::string notation(two);
  notation.erase(notation.find("{anchor 2}"), 10);
  notation.erase(notation.find("  aside note 2"), notation.find("  paragraph: Он") - notation.find("  aside note 2"));
  const auto r = aligned(notation);
  ASSERT_TRUE(r.ok);
  EXPECT_NE(links(r).find("unaligned \"Archive 17, file 4.\" source→\"Archive 17, file 4.\" node="), std::string::npos)
      << links(r);
  EXPECT_NE(codes(r).find("info align.unaligned\n"), std::string::npos);
}

TEST(align_stage, without_two_versions_there_is_nothing_to_align) {
  const auto none = aligned("paragraph: Hello.");
  EXPECT_TRUE(none.ok);
  EXPECT_EQ(codes(none), "warning align.no-versions\n");
  const auto one = aligned("version lang=en\n  paragraph: Hello.\n");
  EXPECT_EQ(codes(one), "warning align.one-version\n");
  EXPECT_EQ(one.layer("calque.alignment/1"), "");
}

TEST(align_stage, a_third_version_is_aligned_with_the_first) {
  const auto r = aligned(
      "version lang=en\n  paragraph: Year 1958.\nversion lang=ru\n  paragraph: Год 1958.\nversion lang=fr\n  "
      "paragraph: An 1958.\n");
  EXPECT_EQ(links(r),
            "link \"Year 1958.\" source→\"Year 1958.\" target→\"Год 1958.\" node=4\n"
            "link \"Year 1958.\" source→\"Year 1958.\" target→\"An 1958.\" node=7\n");
  EXPECT_NE(codes(r).find("info align.many-versions\n"), std::string::npos);
}

TEST(align_stage, versions_of_one_parent_belong_together) {
  const auto r = aligned(
      "section\n  version lang=en\n    paragraph: Year 1958.\n  version lang=ru\n    paragraph: Год 1958.\n"
      "section\n  version lang=en\n    paragraph: Year 1960.\n  version lang=ru\n    paragraph: Год 1960.\n");
  EXPECT_NE(links(r).find("source→\"Year 1958.\" target→\"Год 1958.\""), std::string::npos);
  EXPECT_NE(links(r).find("source→\"Year 1960.\" target→\"Год 1960.\""), std::string::npos);
  EXPECT_EQ(codes(r).find("many"), std::string::npos);
}

TEST(align_stage, an_empty_version_leaves_the_other_alone) {
  const auto r = aligned("version lang=en\n  paragraph: Year 1958.\nversion lang=ru\n  rule\n");
  ASSERT_TRUE(r.ok);
  EXPECT_EQ(links(r).find("unaligned \"Year 1958.\" source→\"Year 1958.\" node="), 0u) << links(r);
  EXPECT_NE(codes(r).find("warning align.no-segments\n"), std::string::npos);
}

TEST(align_stage, links_below_the_threshold_are_named) {
  EXPECT_EQ(codes(aligned(two, {{"threshold", "0.0"}})).find("unsure"), std::string::npos);
  const auto r = aligned(two, {{"threshold", "1.0"}});
  EXPECT_NE(codes(r).find("warning align.unsure\n"), std::string::npos);
}

// SPDX-License-Identifier: Apache-2.0
// Blanks within a leaf, over several, beside breaks and at the ends of blocks.
#include "plugins/whitespace/blanks.hpp"

#include <gtest/gtest.h>

namespace calque::plugins {
namespace {

using is = blank_leaf::is;

/// The leaves after the edits, with | between them.
std::string tidied(const std::vector<blank_leaf> &leaves, const blank_rules &rules = {}) {
  std::string out;
  const auto edits = tidy_blanks(leaves, rules);
  size_t next = 0;
  for (size_t l = 0; l < leaves.size(); ++l) {
    size_t at = 0;
    for (; next < edits.size() && edits[next].leaf == l; ++next) {
      EXPECT_GE(edits[next].begin, at);
      out += leaves[l].text.substr(at, edits[next].begin - at);
      out += edits[next].replacement;
      at = edits[next].end;
    }
    out += std::string(leaves[l].text.substr(at)) + (l + 1 < leaves.size() ? "|" : "");
  }
  EXPECT_EQ(next, edits.size());
  return out;
}

TEST(blanks, runs_become_one_space_and_ends_none) {
  EXPECT_EQ(tidied({{is::text, "  a \t b  c\td "}}), "a b c d");
  EXPECT_EQ(tidied({{is::text, "a b"}}), "a b");
  EXPECT_TRUE(tidy_blanks({{is::text,
                            "a b\xe2\x80\x89"
                            "c"}},
                          {})
                  .empty());
}

TEST(blanks, runs_over_leaves_keep_the_first_blank) {
  EXPECT_EQ(tidied({{is::text, "a "}, {is::text, " b"}, {is::text, " "}, {is::text, "c "}}), "a |b| |c");
  EXPECT_EQ(tidied({{is::text, " "}, {is::other, "x  y"}, {is::text, " "}}), "|x  y|");
}

TEST(blanks, breaks_need_no_blanks) {
  EXPECT_EQ(
      tidied({{is::text, "a "}, {is::soft_break, " "}, {is::text, "  b "}, {is::line_break, "\n"}, {is::text, "c"}}),
      "a| |b|\n|c");
}

TEST(blanks, no_break_spaces_stay_unless_asked) {
  EXPECT_EQ(tidied({{is::text, "Mr.\xc2\xa0Roe  x"}}), "Mr.\xc2\xa0Roe x");
  EXPECT_EQ(tidied({{is::text, "Mr.\xc2\xa0Roe"}}, {false, false}), "Mr. Roe");
  EXPECT_EQ(tidy_blanks({{is::text, "Mr.\xc2\xa0Roe"}}, {false, false}).front().code, "whitespace.no-break-space");
}

TEST(blanks, soft_hyphens_go_only_when_asked) {
  EXPECT_EQ(tidied({{is::text, "trans\xc2\xadlation"}}), "trans\xc2\xadlation");
  EXPECT_EQ(tidied({{is::text, "a  trans\xc2\xadlation "}}, {true, true}), "a translation");
}

TEST(blanks, tidied_text_stays_as_it_is) {
  const std::string once = tidied({{is::text, " a \xe3\x80\x80 b\xc2\xa0 c "}});
  EXPECT_EQ(tidied({{is::text, once}}), once);
}

}  // namespace
}  // namespace calque::plugins

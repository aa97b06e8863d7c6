// SPDX-License-Identifier: Apache-2.0
// Diffs as people read them.
#include "host/pipeline/text_diff.hpp"

#include <gtest/gtest.h>

namespace calque::host {
namespace {

TEST(unified_diff, equal_texts_have_none) {
  EXPECT_EQ(unified_diff("a\nb\n", "a\nb\n", "x", "y"), "");
}

TEST(unified_diff, one_changed_line_has_three_around_it) {
  EXPECT_EQ(unified_diff("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\nfive\n6\n7\n8\n", "x", "y"),
            "--- x\n+++ y\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(unified_diff, far_changes_are_two_hunks_and_a_missing_line_end_is_said) {
  EXPECT_EQ(unified_diff("a\n1\n2\n3\n4\n5\n6\n7\nb", "A\n1\n2\n3\n4\n5\n6\n7\nb\n", "x", "y"),
            "--- x\n+++ y\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n\\ no end of line\n+b\n");
}

TEST(unified_diff, from_nothing) {
  EXPECT_EQ(unified_diff("", "a\n", "x", "y"), "--- x\n+++ y\n@@ -0,0 +1,1 @@\n+a\n");
}

TEST(word_diff, marks_the_words) {
  EXPECT_EQ(word_diff("the boats was counted", "the boats were counted"), "the boats [-was-]{+were+} counted");
  EXPECT_EQ(word_diff("", "new"), "{+new+}");
}

}  // namespace
}  // namespace calque::host

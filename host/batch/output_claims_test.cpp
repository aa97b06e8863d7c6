// SPDX-License-Identifier: Apache-2.0
// Who an output belongs to: one input at a time, whatever the case of its letters.
#include "host/batch/output_claims.hpp"

#include <gtest/gtest.h>

namespace calque::host {
namespace {

TEST(output_claims, a_path_has_one_holder) {
  output_claims claims;
  EXPECT_EQ(claims.holder("x/a.xml", 1), std::nullopt);
  claims.claim("x/a.xml", 1);
  EXPECT_EQ(claims.holder("x/a.xml", 1), std::nullopt) << "one's own is free";
  EXPECT_EQ(claims.holder("x/a.xml", 2), 1u);
  EXPECT_EQ(claims.holder("X/A.xml", 2), 1u) << "not every file system tells case apart";
  EXPECT_EQ(claims.holder("x/b.xml", 2), std::nullopt);
  EXPECT_EQ(claims.holder("x/a.xm", 2), std::nullopt);
}

TEST(output_claims, is_released_by_its_holder_alone) {
  output_claims claims;
  claims.claim("a", 1);
  claims.release("a", 2);
  claims.release("b", 1);
  EXPECT_EQ(claims.holder("a", 2), 1u);
  claims.release("A", 1);
  EXPECT_EQ(claims.holder("a", 2), std::nullopt);
  claims.claim("a", 1);
  claims.claim("a", 0);
  EXPECT_EQ(claims.holder("a", 1), 0u) << "the last claim counts";
}

}  // namespace
}  // namespace calque::host

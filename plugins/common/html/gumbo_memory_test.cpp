// SPDX-License-Identifier: Apache-2.0
// Pieces of every size stay whole beside each other, come back when they are given back, and end at the limit.
#include "plugins/common/html/gumbo_memory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

namespace calque::plugins::html_reading {
namespace {

constexpr size_t mebibyte = size_t{1} << 20;

TEST(gumbo_memory, pieces_do_not_touch_each_other) {
  gumbo_memory memory(64 * mebibyte);
  struct piece {
    unsigned char *at;
    size_t size;
  };
  std::vector<piece> pieces;
  size_t count = 0;
  for (size_t round = 0; round < 40; ++round)
    for (const size_t size : {0, 1, 8, 9, 104, 128, 511, 512, 513, 4096, 16384, 16385, 100000}) {
      auto *const at = static_cast<unsigned char *>(memory.take(size));
      ASSERT_NE(at, nullptr);
      EXPECT_EQ(reinterpret_cast<uintptr_t>(at) % alignof(void *), 0u);
      std::memset(at, static_cast<int>(++count % 251), size);
      pieces.push_back({at, size});
      // Every third goes at once, so that its place is taken again.
      if (count % 3 == 0) {
        memory.give_back(pieces.back().at);
        pieces.pop_back();
      }
    }
  EXPECT_GT(pieces.size(), 300u);
  for (const piece &one : pieces)
    EXPECT_TRUE(std::all_of(one.at, one.at + one.size, [&](unsigned char byte) { return byte == *one.at; })) << one.size;
}

TEST(gumbo_memory, what_is_given_back_is_used_again) {
  gumbo_memory memory(3 * mebibyte);
  std::vector<void *> pieces;
  // Ten times what the limit would hold, a third of it at a time.
  for (int round = 0; round < 30; ++round) {
    for (size_t k = 0; k < mebibyte / 128; ++k) {
      pieces.push_back(memory.take(128));
      ASSERT_NE(pieces.back(), nullptr) << round;
    }
    for (void *one : pieces) memory.give_back(one);
    pieces.clear();
    void *const big = memory.take(mebibyte / 2);
    ASSERT_NE(big, nullptr);
    memory.give_back(big);
  }
}

TEST(gumbo_memory, ends_at_its_limit) {
  gumbo_memory memory(2 * mebibyte);
  EXPECT_EQ(memory.take(2 * mebibyte), nullptr);
  EXPECT_EQ(memory.take(SIZE_MAX), nullptr);
  size_t taken = 0;
  while (memory.take(1024) != nullptr) taken += 1024;
  EXPECT_GT(taken, mebibyte / 2);
  EXPECT_LE(taken, 2 * mebibyte);
}

}  // namespace
}  // namespace calque::plugins::html_reading

// SPDX-License-Identifier: Apache-2.0
// Plain values in bytes: what was written comes back, and nothing that is cut, too long or false is taken for whole.
#include "host/worker/wire.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace calque::host {
namespace {

enum class colour : std::uint16_t { red = 7, blue = 900 };

std::string everything() {
  wire_writer out;
  out.add(std::uint8_t{255});
  out.add(std::numeric_limits<std::int64_t>::min());
  out.add(1.5);
  out.add(colour::blue);
  out.add_flag(true);
  out.add("text\0with a zero" + std::string(1, '\0'));
  out.add(std::array<std::uint8_t, 4>{1, 2, 3, 4});
  out.add_list(std::vector<std::string>{"a", "", "ccc"}, [&](const std::string &one) { out.add(one); });
  return out.take();
}

/// Whether the bytes are what `everything` wrote.
bool reads_everything(std::string_view bytes, bool &is_whole) {
  wire_reader in(bytes);
  bool same = in.number<std::uint8_t>() == 255;
  same &= in.number<std::int64_t>() == std::numeric_limits<std::int64_t>::min();
  same &= in.number<double>() == 1.5;
  same &= in.number<colour>() == colour::blue;
  same &= in.flag();
  same &= in.text() == "text\0with a zero" + std::string(1, '\0');
  same &= in.fixed<4>() == std::array<std::uint8_t, 4>{1, 2, 3, 4};
  std::vector<std::string> list;
  in.list([&] { list.push_back(in.text()); });
  same &= list == std::vector<std::string>{"a", "", "ccc"};
  is_whole = in.is_whole();
  return same;
}

TEST(wire, what_was_written_comes_back) {
  bool is_whole = false;
  EXPECT_TRUE(reads_everything(everything(), is_whole));
  EXPECT_TRUE(is_whole);
}

TEST(wire, no_beginning_of_a_message_is_whole) {
  const std::string all = everything();
  for (std::size_t size = 0; size < all.size(); ++size) {
    bool is_whole = true;
    reads_everything(std::string_view(all).substr(0, size), is_whole);
    EXPECT_FALSE(is_whole) << size << " of " << all.size() << " bytes";
  }
  bool is_whole = true;
  EXPECT_TRUE(reads_everything(all + "x", is_whole));
  EXPECT_FALSE(is_whole) << "a byte is left";
}

TEST(wire, after_a_fault_everything_is_nothing) {
  wire_reader in("abcdefghij");
  in.fail();
  EXPECT_FALSE(in.is_sound());
  EXPECT_FALSE(in.is_whole());
  EXPECT_EQ(in.number<std::uint8_t>(), 0);
  EXPECT_EQ(in.text(), "");
  EXPECT_EQ(in.fixed<2>(), (std::array<std::uint8_t, 2>{}));
  in.list([] { ADD_FAILURE() << "an item of nothing"; });
}

TEST(wire, a_text_that_says_it_is_longer_is_refused) {
  for (const std::uint64_t said : {std::uint64_t{4}, std::uint64_t{1} << 40, ~std::uint64_t{0}, ~std::uint64_t{0} - 7}) {
    wire_writer out;
    out.add(said);
    std::string bytes = out.take() + "abc";
    wire_reader in(bytes);
    EXPECT_EQ(in.text(), "") << said;
    EXPECT_FALSE(in.is_sound()) << said;
  }
}

TEST(wire, a_list_that_says_it_has_more_ends_soon) {
  for (const std::uint64_t said : {std::uint64_t{4}, std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
    wire_writer out;
    out.add(said);
    std::string bytes = out.take() + "abc";
    wire_reader in(bytes);
    std::size_t items = 0;
    in.list([&] {
      ++items;
      in.number<std::uint8_t>();
    });
    EXPECT_LE(items, 4u) << said;
    EXPECT_FALSE(in.is_sound()) << said;
  }
  // As many as there are bytes, but each item needs two.
  wire_writer out;
  out.add(std::uint64_t{4});
  std::string bytes = out.take() + "abcd";
  wire_reader in(bytes);
  std::size_t items = 0;
  in.list([&] {
    ++items;
    in.number<std::uint16_t>();
  });
  EXPECT_EQ(items, 3u);
  EXPECT_FALSE(in.is_sound());
}

TEST(wire, a_list_may_be_empty) {
  wire_writer out;
  out.add_list(std::vector<int>{}, [](int) { FAIL(); });
  wire_reader in(out.bytes());
  in.list([] { ADD_FAILURE() << "an item of nothing"; });
  EXPECT_TRUE(in.is_whole());
}

}  // namespace
}  // namespace calque::host

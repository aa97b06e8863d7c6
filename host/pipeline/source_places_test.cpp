// SPDX-License-Identifier: Apache-2.0
// From text to the bytes of the source, and from bytes to lines.
#include "host/pipeline/source_places.hpp"

#include <gtest/gtest.h>

namespace calque::host {
namespace {

/// "Hello," exact from 10, " " inserted at 16, "wörld" exact from 20, "&" for bytes 30 to 35.
struct small_document {
  static constexpr std::string_view text = "Hello, w\xC3\xB6rld&";
  std::uint32_t text_begin[4] = {0, 6, 7, 13}, source[4] = {0, 0, 0, 0};
  std::uint64_t begin[4] = {10, 16, 20, 30}, end[4] = {16, 16, 26, 35};
  std::uint8_t exact[4] = {1, 0, 1, 0};
  std::uint32_t id[2] = {1, 7}, node_begin[2] = {0, 7}, node_end[2] = {14, 13};
  calque_document view{};
  small_document() {
    view.text = {text.data(), text.size()};
    view.origins = {4, 0, text_begin, source, begin, end, exact};
    view.nodes.count = 2;
    view.nodes.id = id;
    view.nodes.text_begin = node_begin;
    view.nodes.text_end = node_end;
  }
  std::pair<std::uint64_t, std::uint64_t> of(std::uint32_t from, std::uint32_t to) const {
    const auto found = source_of(view, from, to);
    return {found->begin, found->end};
  }
};

using range = std::pair<std::uint64_t, std::uint64_t>;

TEST(source_of, exact_runs_are_byte_for_byte) {
  const small_document d;
  EXPECT_EQ(d.of(0, 5), range(10, 15));
  EXPECT_EQ(d.of(1, 2), range(11, 12));
  EXPECT_EQ(d.of(7, 13), range(20, 26));
}

TEST(source_of, a_run_that_only_covers_is_given_whole) {
  const small_document d;
  EXPECT_EQ(d.of(13, 14), range(30, 35));
  EXPECT_EQ(d.of(6, 7), range(16, 16));
}

TEST(source_of, several_runs_are_covered) {
  const small_document d;
  EXPECT_EQ(d.of(4, 9), range(14, 22));
  EXPECT_EQ(d.of(0, 14), range(10, 35));
}

TEST(source_of, an_empty_range_has_a_place) {
  const small_document d;
  EXPECT_EQ(d.of(3, 3), range(13, 13));
  EXPECT_EQ(d.of(7, 7), range(20, 20));
}

TEST(source_of, a_document_without_text_has_none) {
  calque_document empty{};
  EXPECT_FALSE(source_of(empty, 0, 0).has_value());
}

TEST(place_in_source, a_node_is_its_text) {
  const small_document d;
  diagnostic about = error("a.b", "c");
  about.where.node = 7;
  place_in_source(about, d.view);
  ASSERT_TRUE(about.where.source.has_value());
  EXPECT_EQ(about.where.source->begin, 20u);
  about.where.source.reset();
  about.where.node = 99;
  place_in_source(about, d.view);
  EXPECT_FALSE(about.where.source.has_value());
}

TEST(find_line, counts_lines_and_code_points) {
  const std::string_view text = "ab\n\xC3\xB6x\n";
  EXPECT_EQ(find_line(text, 0).line, 1u);
  EXPECT_EQ(find_line(text, 2).column, 3u);
  EXPECT_EQ(find_line(text, 5).line, 2u);
  EXPECT_EQ(find_line(text, 5).column, 2u);
  EXPECT_EQ(find_line(text, 99).line, 3u);
}

}  // namespace
}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Lines, cells and cuts of what terminals are shown.
#include "host/pipeline/source_text.hpp"

#include <gtest/gtest.h>

#include "host/pipeline/suggest.hpp"

namespace calque::host {
namespace {

// The line and, below it, its marks: how a caret would look.
std::string marked(std::string_view line, std::uint32_t column, std::uint32_t length, std::size_t width) {
  const shown_line shown = show_line(line, column, length, width);
  return shown.text + "\n" + std::string(shown.mark_begin, ' ') + std::string(shown.mark_cells, '^');
}

TEST(source_text, lines_end_with_either_line_end) {
  const source_text text("f", "one\r\ntwo\n\nfour");
  EXPECT_EQ(text.line_count(), 4U);
  EXPECT_EQ(text.line(1), "one");
  EXPECT_EQ(text.line(2), "two");
  EXPECT_EQ(text.line(3), "");
  EXPECT_EQ(text.line(4), "four");
  EXPECT_EQ(text.line(0), "");
  EXPECT_EQ(text.line(5), "");
}

TEST(source_text, the_first_broken_byte_has_a_line_and_a_column) {
  EXPECT_FALSE(find_invalid_utf8("é漢\n"));
  const auto broken = find_invalid_utf8("é\n漢\xFFx");
  ASSERT_TRUE(broken);
  EXPECT_EQ(broken->offset, 6U);
  EXPECT_EQ(broken->line, 2U);
  EXPECT_EQ(broken->column, 2U);
  ASSERT_TRUE(find_invalid_utf8(std::string_view("a\0", 2)));
  EXPECT_TRUE(find_invalid_utf8("\xED\xA0\x80")) << "a surrogate";
  EXPECT_TRUE(find_invalid_utf8("\xC0\x80")) << "an overlong NUL";
  EXPECT_TRUE(find_invalid_utf8("\xE6\xBC")) << "half a character";
}

TEST(source_text, marks_stand_below_their_cells) {
  EXPECT_EQ(marked("key = 1", 1, 3, 80), "key = 1\n^^^");
  EXPECT_EQ(marked("漢字 = x", 6, 1, 80), "漢字 = x\n       ^");
  EXPECT_EQ(marked("漢字", 2, 1, 80), "漢字\n  ^^");
  EXPECT_EQ(marked("e\xCC\x81x", 3, 1, 80), "e\xCC\x81x\n ^") << "a combining accent takes no cell";
  EXPECT_EQ(marked("\tx", 2, 1, 80), "    x\n    ^");
  EXPECT_EQ(marked("ab\tx", 4, 1, 80), "ab  x\n    ^");
  EXPECT_EQ(marked("a", 2, 0, 80), "a\n ^") << "behind the end";
  EXPECT_EQ(marked("", 1, 0, 80), "\n^");
  EXPECT_EQ(marked("\u1100\u1161x", 3, 1, 80), "\u1100\u1161x\n  ^") << "conjoining Hangul is one block of two cells";
}

TEST(source_text, controls_are_spelled) {
  EXPECT_EQ(show_text("a\x1b[31mb"), "a⟨U+001B⟩[31mb");
  EXPECT_EQ(show_text("a\u202Eb\u2066"), "a⟨U+202E⟩b⟨U+2066⟩");
  EXPECT_EQ(show_text("a\u009Bb"), "a⟨U+009B⟩b");
  EXPECT_EQ(show_text("a\nb"), "a⟨U+000A⟩b");
  EXPECT_EQ(show_text("a\nb", true), "a\nb");
  EXPECT_EQ(show_text("\xFFx"), "⟨0xFF⟩x");
  EXPECT_EQ(show_text("\u2028\uFEFF"), "⟨U+2028⟩⟨U+FEFF⟩");
  EXPECT_EQ(show_text("\U000E0041"), "⟨U+E0041⟩");
  EXPECT_EQ(marked("\u202Ex", 2, 1, 80), "⟨U+202E⟩x\n        ^");
}

TEST(source_text, long_lines_are_cut_around_the_mark) {
  const std::string line = "a = \"" + std::string(300, 'x') + "\" y";
  EXPECT_EQ(marked(line, 1, 1, 20), "a = \"xxxxxxxxxxxxxx…\n^");
  const shown_line end = show_line(line, 308, 1, 20);
  EXPECT_TRUE(end.text.starts_with("…"));
  EXPECT_TRUE(end.text.ends_with("\" y"));
  EXPECT_EQ(end.text.substr(end.mark_begin + 2, 1), "y");  // the … has three bytes and one cell
}

TEST(source_text, no_cut_is_wider_than_asked_for) {
  const std::string parts[] = {"x", "漢", "e\xCC\x81", "\t", "\u202E", "\xFF"};
  for (const std::string &part : parts) {
    for (const std::size_t count : {0, 1, 5, 50, 500}) {
      std::string line;
      std::uint32_t columns = 1;
      for (std::size_t k = 0; k < count; ++k) line += part, columns += part == parts[2] ? 2 : 1;
      for (const std::uint32_t column : {1U, 2U, columns / 2 + 1, columns, columns + 1}) {
        for (const std::size_t width : {12, 20, 40, 80}) {
          const shown_line shown = show_line(line, column, 7, width);
          EXPECT_LE(shown_width(shown.text), width) << line << " " << column;
          EXPECT_LE(shown.mark_begin + shown.mark_cells, width + 1) << line << " " << column;
        }
      }
    }
  }
}

TEST(source_text, a_megabyte_in_a_line_is_no_trouble) {
  const std::string line(1 << 20, 'x');
  EXPECT_EQ(shown_width(show_line(line, 1 << 19, 3, 80).text), 80U);
}

TEST(suggest, counts_swaps_as_one) {
  EXPECT_EQ(edit_distance("improt", "import", 2), 1U);
  EXPECT_EQ(edit_distance("export", "import", 2), 2U);
  EXPECT_EQ(edit_distance("abc", "abcdef", 2), 3U);
  EXPECT_EQ(edit_distance("", "ab", 2), 2U);
}

TEST(suggest, finds_what_was_meant) {
  const std::vector<std::string> names = {"import", "export", "normalize", "annotate",     "id",
                                          "to",     "with",   "keep_nbsp", "calque.page/1"};
  const std::pair<const char *, const char *> typed[] = {
      {"improt", "import"},       {"exprt", "export"},
      {"normalise", "normalize"}, {"anotate", "annotate"},
      {"keep-nbsp", "keep_nbsp"}, {"keepnbsp", "keep_nbsp"},
      {"nbsp", "keep_nbsp"},      {"Import", "import"},
      {"wiht", "with"},           {"calque.pages/1", "calque.page/1"}};
  for (const auto &[given, meant] : typed) EXPECT_EQ(suggest(given, names), meant) << given;
  EXPECT_EQ(suggest("frobnicate", names), "");
  EXPECT_EQ(suggest("xy", names), "");
  EXPECT_EQ(suggest("", names), "");
}

}  // namespace
}  // namespace calque::host

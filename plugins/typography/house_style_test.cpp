// SPDX-License-Identifier: Apache-2.0
// Each style there and back, what is left alone, and that a second time changes nothing.
#include "plugins/typography/house_style.hpp"

#include <gtest/gtest.h>

namespace calque::plugins {
namespace {

std::string styled(std::string_view text, const house_style &style) {
  std::string out;
  size_t at = 0;
  for (const style_edit &e : apply_style(text, style)) {
    EXPECT_GE(e.begin, at);
    out += std::string(text.substr(at, e.begin - at)) + e.replacement;
    at = e.end;
  }
  return out + std::string(text.substr(at));
}

TEST(house_style, nothing_is_asked_nothing_is_done) {
  EXPECT_TRUE(house_style().asks_nothing());
  EXPECT_TRUE(apply_style("\"It's\" - so... 5-7 !", {}).empty());
}

TEST(house_style, quotes) {
  const house_style curly{quote_style::curly}, straight{quote_style::straight};
  EXPECT_EQ(styled("\"It's late,\" he said ('62).", curly), "“It’s late,” he said (’62).");
  EXPECT_EQ(styled("(\"Roe\") 'so'", curly), "(“Roe”) ‘so’");
  EXPECT_EQ(styled("“It’s late,” he said.", straight), "\"It's late,\" he said.");
}

TEST(house_style, dashes) {
  const house_style dashes{quote_style::keep, dash_style::dashes}, hyphens{quote_style::keep, dash_style::hyphens};
  EXPECT_EQ(styled("5:50 p.m. - 7 p.m., 1957-1958, so--and Sino-Soviet", dashes),
            "5:50 p.m. – 7 p.m., 1957–1958, so—and Sino-Soviet");
  EXPECT_EQ(styled("PRC FMA 118-01764-05, 1957-05-05, --- 9-ru", dashes), "PRC FMA 118-01764-05, 1957-05-05, --- 9-ru");
  EXPECT_EQ(styled("a – b—c", hyphens), "a - b--c");
}

TEST(house_style, ellipses_but_not_marks_of_editors) {
  const house_style character{quote_style::keep, dash_style::keep, ellipsis_style::character};
  EXPECT_EQ(styled("So... [...] end.... x.....", character), "So… [...] end.... x.....");
  EXPECT_EQ(styled("So… […]", {quote_style::keep, dash_style::keep, ellipsis_style::dots}), "So... […]");
}

TEST(house_style, spaces) {
  EXPECT_EQ(styled("Non ! « oui »", {quote_style::keep, dash_style::keep, ellipsis_style::keep, space_style::french}),
            "Non\u202f! «\u202foui\u202f»");
  EXPECT_EQ(styled("Mr.\u00a0Roe", {quote_style::keep, dash_style::keep, ellipsis_style::keep, space_style::plain}),
            "Mr. Roe");
}

TEST(house_style, twice_is_once) {
  const house_style all{quote_style::curly, dash_style::dashes, ellipsis_style::character, space_style::french};
  const std::string once = styled("\"'Tis so\" - 'he' said... in 1957-58 ? It's -- \"no\" !", all);
  EXPECT_EQ(styled(once, all), once);
}

}  // namespace
}  // namespace calque::plugins

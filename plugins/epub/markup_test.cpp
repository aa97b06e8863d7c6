// SPDX-License-Identifier: Apache-2.0
// A chapter that is no XML is read as browsers read it, and within limits.
#include "plugins/epub/markup.hpp"

#include <gtest/gtest.h>

namespace calque::plugins {
namespace {

std::string shown(const markup &tree, uint32_t index = 0) {
  std::string made;
  for (uint32_t k = tree[index].first; k != markup_node::none; k = tree[k].next)
    made += tree[k].is_text() ? tree.text_of(k) : "<" + tree[k].name + ">" + shown(tree, k) + "</" + tree[k].name + ">";
  return made;
}

unreadable_markup::reason refused(const std::string &bytes) {
  try {
    read_html(bytes);
  } catch (const unreadable_markup &error) {
    return error.why;
  }
  return unreadable_markup::not_well_formed;
}

TEST(epub_markup, elements_end_where_a_browser_ends_them) {
  EXPECT_EQ(shown(read_html("<title>A</title><p>One<p>Two &amp; <b>three")),
            "<html><head><title>A</title></head><body><p>One</p><p>Two & <b>three</b></p></body></html>");
}

TEST(epub_markup, what_is_drawn_or_unknown_has_its_name) {
  const std::string page = "<svg><image xlink:href='a.png'></image></svg><math><mi>x</mi></math><Foo>bar</Foo>";
  const markup tree = read_html(page);
  EXPECT_EQ(shown(tree), "<html><head></head><body><svg:svg><svg:image></svg:image></svg:svg>"
                         "<math:math><math:mi>x</math:mi></math:math><foo>bar</foo></body></html>");
  const auto image = tree.find("svg:image");
  ASSERT_TRUE(image);
  EXPECT_EQ(tree[*image].attribute("xlink:href"), "a.png");
}

TEST(epub_markup, each_node_knows_its_bytes) {
  const std::string page = "<p>a<i>b</i></p>";
  const markup tree = read_html(page);
  const markup_node &italic = tree[tree.find("i").value()];
  EXPECT_EQ(page.substr(italic.begin, italic.end - italic.begin), "<i>b</i>");
  const text_piece &letter = tree[italic.first].pieces.front();
  EXPECT_EQ(page.substr(letter.begin, letter.end - letter.begin), "b");
}

TEST(epub_markup, what_would_take_for_ever_is_refused_by_name) {
  std::string deep, flood = "<p";
  for (int k = 0; k < 600; ++k) deep += "<div>";
  for (int k = 0; k < 1001; ++k) flood += " a" + std::to_string(k) + "=b";
  EXPECT_EQ(refused(deep), unreadable_markup::too_deep);
  EXPECT_EQ(refused(flood + ">"), unreadable_markup::too_big);
}

}  // namespace
}  // namespace calque::plugins

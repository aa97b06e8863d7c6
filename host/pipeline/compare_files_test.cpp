// SPDX-License-Identifier: Apache-2.0
// What counts as the same file.
#include "host/pipeline/compare_files.hpp"

#include <gtest/gtest.h>

namespace calque::host {
namespace {

bool same(std::string_view a, std::string_view b, std::string_view compare) {
  return form_to_compare(a, compare) == form_to_compare(b, compare);
}

TEST(form_to_compare, bytes_are_bytes) {
  EXPECT_FALSE(same("a", "a\n", "bytes"));
  EXPECT_TRUE(same("a\n", "a\n", "bytes"));
}

TEST(form_to_compare, text_overlooks_line_ends_and_composition) {
  EXPECT_TRUE(same("Do\xCC\x88 \r\nx\n\n", "D\xC3\xB6\nx", "text"));
  EXPECT_FALSE(same("a b", "a  b", "text"));
}

TEST(form_to_compare, xml_overlooks_what_means_nothing) {
  EXPECT_TRUE(same("<a x='1' y=\"2\">\n  <b/>t</a>", "<a y=\"2\" x=\"1\"><b></b>t</a>", "xml"));
  EXPECT_TRUE(same("<a q='say \"x\"'/>", "<a q=\"say &quot;x&quot;\"/>", "xml"));
  EXPECT_FALSE(same("<a>t</a>", "<a>u</a>", "xml"));
  EXPECT_FALSE(same("<a x=\"1\"/>", "<a x=\"2\"/>", "xml"));
  EXPECT_FALSE(same("<!-- < a > --><b/>", "<b/>", "xml"));
}

TEST(form_to_compare, broken_xml_ends) {
  for (const char *text : {"<", "<a", "<a x", "<a x=", "<a x='", "<!--", "<a x='1' 'y'>", "<>", "</>"})
    EXPECT_FALSE(form_to_compare(text, "xml").empty()) << text;
}

TEST(form_to_compare, json_overlooks_the_order_of_keys) {
  EXPECT_TRUE(same("{\"a\":1,\"b\":[1,2]}", "{ \"b\": [1, 2], \"a\": 1 }\n", "json"));
  EXPECT_FALSE(same("{\"b\":[1,2]}", "{\"b\":[2,1]}", "json"));
  EXPECT_FALSE(same("{", "{ ", "json"));
}

}  // namespace
}  // namespace calque::host

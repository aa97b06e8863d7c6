// SPDX-License-Identifier: Apache-2.0
// What the placeholders of output names become.
#include "host/pipeline/output_names.hpp"

#include <gtest/gtest.h>

namespace calque::host {
namespace {

TEST(output_name, placeholders_stand_for_the_input) {
  const output_name_parts parts{"1962/april", "minutes.v2", "118192", 1, 1};
  EXPECT_EQ(output_name("{dir}/{stem}.xml", parts), "1962/april/minutes.v2.xml");
  EXPECT_EQ(output_name("tei/{id}-{part}.xml", parts), "tei/118192-1.xml");
}

TEST(output_name, an_empty_dir_takes_its_slash_along) {
  EXPECT_EQ(output_name("{dir}/{stem}.xml", {"", "a", "", 1, 1}), "a.xml");
  EXPECT_EQ(output_name("x/{dir}/{stem}.xml", {"", "a", "", 1, 1}), "x/a.xml");
}

TEST(output_name, several_parts_have_names_of_their_own) {
  EXPECT_EQ(output_name("{stem}.xml", {"", "a", "", 2, 3}), "a-2.xml");
  EXPECT_EQ(output_name("{id}.xml", {"", "a", "x", 2, 3}), "x-2.xml");
  EXPECT_EQ(output_name("{stem}/{part}.xml", {"", "a", "", 2, 3}), "a/2.xml");
}

TEST(output_name, what_is_no_placeholder_stays) {
  EXPECT_EQ(output_name("{steM}{", {"", "a", "", 1, 1}), "{steM}{");
}

TEST(name_from_identifier, is_the_end_of_a_url_and_never_climbs) {
  EXPECT_EQ(name_from_identifier("https://archive.example.org/document/042017/"), "042017");
  EXPECT_EQ(name_from_identifier("RVA 042 ?x"), "RVA-042--x");
  EXPECT_EQ(name_from_identifier(".."), "");
  EXPECT_EQ(name_from_identifier(""), "");
}

TEST(stem_of, loses_one_extension) {
  EXPECT_EQ(stem_of("a.b.txt"), "a.b");
  EXPECT_EQ(stem_of(".hidden"), ".hidden");
  EXPECT_EQ(stem_of("plain"), "plain");
}

}  // namespace
}  // namespace calque::host

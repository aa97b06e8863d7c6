// SPDX-License-Identifier: Apache-2.0
// Every value that is written is read back by another hand as what it was.
#include "host/records/json_writer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

namespace calque::host {
namespace {

TEST(json_writer, values_stand_where_they_belong) {
  std::string text = "{\"line\":1}\n";
  json_writer out(text);
  out.begin_object();
  out.member("name", std::string_view("a"));
  out.name("list");
  out.begin_array();
  out.value(1u);
  out.begin_object();
  out.end_object();
  out.value(true);
  out.end_array();
  out.member("half", 0.5);
  out.name("empty");
  out.begin_array();
  out.end_array();
  out.member("no", false);
  out.end_object();
  EXPECT_EQ(text, "{\"line\":1}\n{\"name\":\"a\",\"list\":[1,{},true],\"half\":0.5,\"empty\":[],\"no\":false}");
}

TEST(json_writer, texts_come_back) {
  std::mt19937 random(20261125);
  const char *const pieces[] = {"\"", "\\", "\n", "\x01", "\x7f", "é", "漢", "𝄞", "a", "{", "[", ":", ",", "\xE2\x80\xAE"};
  for (int turn = 0; turn < 5000; ++turn) {
    std::string given;
    for (unsigned k = random() % 6; k > 0; --k) given += pieces[random() % std::size(pieces)];
    std::string text;
    json_writer out(text);
    out.begin_array();
    out.value(given);
    out.value(given);
    out.end_array();
    const auto read = nlohmann::json::parse(text);
    ASSERT_EQ(read.size(), 2u) << text;
    ASSERT_EQ(read[1].get<std::string>(), given);
  }
}

TEST(json_writer, bytes_that_are_no_text_are_replaced) {
  for (const char *bad : {"\xFF", "a\xC3", "\xED\xA0\x80", "\xF5\x80\x80\x80"}) {
    std::string text;
    json_writer(text).value(std::string_view(bad));
    EXPECT_NE(nlohmann::json::parse(text).get<std::string>().find("\uFFFD"), std::string::npos) << text;
  }
}

TEST(json_writer, numbers_come_back) {
  for (const double given : {0.0, 0.001, 133.072, 1e300, 5e-324, 123456789.125}) {
    std::string text;
    json_writer(text).value(given);
    EXPECT_EQ(nlohmann::json::parse(text).get<double>(), given);
  }
  for (const double given : {std::numeric_limits<double>::infinity(), std::nan("")}) {
    std::string text;
    json_writer(text).value(given);
    EXPECT_EQ(nlohmann::json::parse(text), 0);
  }
  std::string text;
  json_writer(text).value(std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(text, "18446744073709551615");
}

}  // namespace
}  // namespace calque::host

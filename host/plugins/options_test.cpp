// SPDX-License-Identifier: Apache-2.0
// Values of options: quantities, TOML by type, defaults, and the C form.
#include "host/plugins/options.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace calque::host {
namespace {

option_description option(uint32_t type, uint32_t flags = 0) {
  option_description o;
  o.name = "it";
  o.type = type;
  o.flags = flags;
  return o;
}

std::string message_of(const option_description &o, std::string_view toml) {
  const auto parsed = parse_option(o, toml);
  return parsed ? "no error" : parsed.error().message;
}

TEST(quantity, sizes) {
  EXPECT_EQ(size_in_bytes("10"), 10u);
  EXPECT_EQ(size_in_bytes("2 MiB"), 2097152u);
  EXPECT_EQ(size_in_bytes("1.5kB"), 1500u);
  EXPECT_EQ(size_in_bytes("0 B"), 0u);
  for (const char *wrong : {"", "MiB", "-1 B", "2 mib", "2 MiB.", "1e3 B", "nan", "inf", "99999999999 GiB", "2 s"})
    EXPECT_FALSE(size_in_bytes(wrong)) << wrong;
}

TEST(quantity, durations) {
  EXPECT_EQ(duration_in_ms("150 ms"), 150u);
  EXPECT_EQ(duration_in_ms("2 s"), 2000u);
  EXPECT_EQ(duration_in_ms("1.5 min"), 90000u);
  EXPECT_EQ(duration_in_ms("2h"), 7200000u);
  for (const char *wrong : {"", "2", "2 m", "s", "-2 s", "2 S"}) EXPECT_FALSE(duration_in_ms(wrong)) << wrong;
}

TEST(parse_option, takes_each_type_from_its_own_toml) {
  EXPECT_EQ(parse_option(option(CALQUE_BOOL), "true")->i, 1);
  EXPECT_EQ(parse_option(option(CALQUE_INT), "-3")->i, -3);
  EXPECT_EQ(parse_option(option(CALQUE_FLOAT), "2")->f, 2.0);
  EXPECT_EQ(parse_option(option(CALQUE_FLOAT), "0.5")->f, 0.5);
  EXPECT_EQ(parse_option(option(CALQUE_STRING), "\"é\"")->text, "é");
  EXPECT_EQ(parse_option(option(CALQUE_PATH), "'a/b'")->text, "a/b");
  EXPECT_EQ(parse_option(option(CALQUE_SIZE), "\"1 KiB\"")->i, 1024);
  EXPECT_EQ(parse_option(option(CALQUE_SIZE), "7")->i, 7);
  EXPECT_EQ(parse_option(option(CALQUE_DURATION), "\"1 s\"")->i, 1000);
}

TEST(parse_option, refuses_other_types) {
  EXPECT_EQ(message_of(option(CALQUE_BOOL), "1"), "1 is not true or false");
  EXPECT_EQ(message_of(option(CALQUE_INT), "1.0"), "1.0 is not an integer");
  EXPECT_EQ(message_of(option(CALQUE_FLOAT), "nan"), "nan is not a number");
  EXPECT_EQ(message_of(option(CALQUE_STRING), "[\"a\"]"), "a list is not a text in quotes");
  EXPECT_EQ(message_of(option(CALQUE_STRING), "{a = 1}"), "a table is not a text in quotes");
  EXPECT_EQ(message_of(option(CALQUE_DURATION), "3"), "3 is not a duration such as \"2 s\"");
  EXPECT_EQ(message_of(option(CALQUE_INT, CALQUE_LIST), "1"), "1 is not a list");
  EXPECT_NE(message_of(option(CALQUE_STRING), "bare").find("bare is not TOML"), std::string::npos);
  EXPECT_EQ(message_of(option(CALQUE_INT), "1\nmore = 2"), "1\nmore = 2 is not one value");
}

TEST(parse_option, knows_choices_and_ranges) {
  option_description choice = option(CALQUE_ENUM);
  choice.choices = {"NFC", "NFD"};
  EXPECT_EQ(parse_option(choice, "\"NFD\"")->i, 1);
  EXPECT_EQ(message_of(choice, "\"nfd\""), "\"nfd\" is not one of NFC, NFD");
  option_description number = option(CALQUE_INT);
  number.min = 1;
  number.max = 9;
  EXPECT_EQ(parse_option(number, "9")->i, 9);
  EXPECT_EQ(message_of(number, "10"), "10 is not in 1 to 9");
}

TEST(with_defaults, fills_what_was_not_given) {
  std::vector<option_description> options = {option(CALQUE_INT), option(CALQUE_STRING), option(CALQUE_BOOL)};
  options[0].default_value = "3";
  options[1].default_value = "\"x\"";
  std::vector<option_value> given(3);
  given[1] = *parse_option(options[1], "\"y\"");
  const std::vector<option_value> values = with_defaults(options, given);
  EXPECT_EQ(values[0].i, 3);
  EXPECT_FALSE(values[0].is_set);
  EXPECT_EQ(values[1].text, "y");
  EXPECT_TRUE(values[1].is_set);
  EXPECT_FALSE(values[2].is_set);
  EXPECT_EQ(values[2].type, uint32_t{CALQUE_BOOL});
  EXPECT_EQ(with_defaults(options, {})[1].text, "x");
}

TEST(option_table, lists_keep_their_items) {
  const std::vector<option_value> values = {*parse_option(option(CALQUE_STRING, CALQUE_LIST), "[\"a\", \"bc\"]"),
                                            *parse_option(option(CALQUE_INT, CALQUE_LIST), "[]"),
                                            *parse_option(option(CALQUE_INT), "5")};
  const option_table table(values);
  const calque_config &config = *table.abi();
  ASSERT_EQ(config.count, 3u);
  EXPECT_EQ(config.value_stride, sizeof(calque_value));
  ASSERT_EQ(config.values[0].item_count, 2u);
  EXPECT_EQ(std::string(config.values[0].items[1].text.data, config.values[0].items[1].text.size), "bc");
  EXPECT_EQ(config.values[1].item_count, 0u);
  EXPECT_EQ(config.values[1].is_set, 1u);
  EXPECT_EQ(config.values[2].i, 5);
}

}  // namespace
}  // namespace calque::host

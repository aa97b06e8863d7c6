// SPDX-License-Identifier: Apache-2.0
// TOML to a tree with places, and what is said of text that is not TOML.
#include "host/pipeline/config.hpp"

#include <gtest/gtest.h>

#include <random>

namespace calque::host {
namespace {

struct parsed {
  std::optional<config_value> value;
  std::vector<diagnostic> found;
};

parsed parse(std::string text) {
  problems out;
  parsed result;
  result.value = parse_config(source_text("f.toml", std::move(text)), out);
  result.found = out.take_sorted();
  return result;
}

std::string brief(const diagnostic &one) {
  return one.code + " " + std::to_string(one.where.line) + ":" + std::to_string(one.where.column) + "+" +
         std::to_string(one.where.length);
}

TEST(config, entries_keep_the_order_of_the_file_and_their_places) {
  const parsed result = parse("z = 1\r\na = \"漢\" # x\nt = { b = [1, 2.5, true], d = 2001-01-01 }\n[[s]]\nk = 'v'\n");
  ASSERT_TRUE(result.value);
  const config_value &root = *result.value;
  ASSERT_EQ(root.entries.size(), 4U);
  EXPECT_EQ(root.entries[0].key, "z");
  EXPECT_EQ(root.entries[1].key, "a");
  EXPECT_EQ(root.entries[1].value.text, "漢");
  EXPECT_EQ(root.entries[1].value.where.column, 5U);
  EXPECT_EQ(root.entries[1].value.where.length, 3U);
  const config_value &table = root.entries[2].value;
  ASSERT_EQ(table.type, config_type::table);
  EXPECT_EQ(table.find("b")->value.items.at(1).number, 2.5);
  EXPECT_EQ(table.find("b")->value.items.at(1).where.column, 15U);
  EXPECT_EQ(table.find("d")->value.type, config_type::date);
  EXPECT_EQ(table.find("d")->value.text, "2001-01-01");
  EXPECT_EQ(table.find("nothing"), nullptr);
  EXPECT_EQ(root.entries[3].value.items.at(0).find("k")->where.line, 5U);
}

TEST(config, broken_text_is_one_error_with_a_place) {
  const std::pair<const char *, const char *> cases[] = {
      {"a = ", "pipeline.syntax 1:5+1"},
      {"a = 1\n  a = 2\n", "pipeline.duplicate-key 2:3+1"},
      {"[t]\n[t]\n", "pipeline.duplicate-key 2:1+3"},
      {"a = \"x\ny\"", "pipeline.syntax 1:7+1"},
      {"a = \"\\q\"", "pipeline.syntax 1:7+1"},
      {"é = 1", "pipeline.syntax 1:1+1"},
      {"a = \"日本\\q\"", "pipeline.syntax 1:9+1"},
      {"\n\na = \"x\xFF\"", "pipeline.not-utf-8 3:7+1"},
      {"\xFF\xFE"
       "a",
       "pipeline.not-utf-8 1:1+1"},
  };
  for (const auto &[text, expected] : cases) {
    const parsed result = parse(text);
    EXPECT_FALSE(result.value) << text;
    ASSERT_EQ(result.found.size(), 1U) << text;
    EXPECT_EQ(brief(result.found[0]), expected) << text;
  }
  const parsed nul = parse(std::string("a = 1\n\0", 7));
  ASSERT_EQ(nul.found.size(), 1U);
  EXPECT_EQ(brief(nul.found[0]), "pipeline.not-utf-8 2:1+1");
}

TEST(config, a_byte_order_mark_is_not_text) {
  const parsed result = parse(
      "\xEF\xBB\xBF"
      "a = 1");
  ASSERT_TRUE(result.value);
  EXPECT_EQ(result.value->entries.at(0).where.column, 1U);
}

TEST(config, depth_is_bounded) {
  EXPECT_TRUE(parse("a = " + std::string(32, '[') + std::string(32, ']')).value);
  EXPECT_TRUE(
      parse("a = \"" + std::string(99, '.') + std::string(99, '[') + "\\\"[[\" # " + std::string(99, '[')).value);
  EXPECT_TRUE(
      parse("a = \"\"\"\n" + std::string(99, '[') + "\"\"\"\"\" # [[\nb = '" + std::string(99, '{') + "\\'").value);
  EXPECT_TRUE(parse("a = [" + std::string(3, '\n') + " 1.5, 2.5, " +
                    [] {
                      std::string many;
                      for (int k = 0; k < 99; ++k) many += "3.5,";
                      return many;
                    }() +
                    "]")
                  .value);
  std::string inline_tables = "a = ", dotted = "a", both = "a";
  for (int k = 0; k < 200000; ++k) inline_tables += "{a=", dotted += ".a", both += ".a.a.a = {a";
  const std::string texts[] = {"x = 1\na = " + std::string(33, '['),
                               "a = " + std::string(1000000, '['),
                               inline_tables,
                               dotted + " = 1",
                               "[" + dotted + "]",
                               both};
  for (const std::string &text : texts) {
    const parsed result = parse(text);
    ASSERT_EQ(result.found.size(), 1U);
    EXPECT_EQ(result.found[0].code, "pipeline.too-deep");
  }
  EXPECT_EQ(brief(parse(texts[0]).found[0]), "pipeline.too-deep 2:37+1");
}

// Text of the right sort with bytes changed, cut and doubled: a value or exactly one error, and no crash.
TEST(config, damaged_text_is_a_value_or_one_error) {
  const std::string good =
      "#:schema x\n[pipeline]\nname = \"a-b\"\n[[stage]]\nimport = 'record'\nwith = { a = [1, 2.5e3, true], \"k\" = "
      "\"\\u00e9\" }\n"
      "[[stage]]\nexport = \"tei\"\nto = \"\"\"\nx\\\n  y\"\"\"\n[a.b.c]\nd = 1979-05-27T07:32:00Z\ne = 0xFF\nf = "
      "[[1],[{x=1}]]\n";
  std::mt19937 random(20260817);
  for (int round = 0; round < 20000; ++round) {
    std::string text = good;
    for (unsigned k = 0; k <= random() % 4; ++k) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text[at] = static_cast<char>(random() % 256);
          break;
        case 1:
          text.erase(at, random() % 5);
          break;
        case 2:
          text.insert(at, text.substr(random() % text.size(), random() % 12));
          break;
        default:
          text[at] = "[]{}\"'=.,#\n\\"[random() % 12];
          break;
      }
      if (text.empty()) text = "x";
    }
    const parsed result = parse(text);
    ASSERT_EQ(result.found.size(), result.value ? 0U : 1U) << text;
    if (!result.value) {
      ASSERT_GE(result.found[0].where.line, 1U) << text;
    }
  }
}

TEST(config, a_table_reports_each_key_that_nobody_asked_for) {
  problems out;
  const auto value = parse_config(source_text("f", "name = 1\nsumary = 'x'\nsize = -1\nlist = ['a', 2]\n"), out);
  ASSERT_TRUE(value);
  table_reader reader(*value, "[pipeline]", out);
  EXPECT_FALSE(reader.text("name"));
  EXPECT_FALSE(reader.text("summary"));
  EXPECT_FALSE(reader.count("size"));
  EXPECT_EQ(reader.texts("list").size(), 1U);
  EXPECT_FALSE(reader.require("id", "help"));
  reader.finish();
  std::string codes;
  for (const diagnostic &one : out.take_sorted()) codes += one.code + " " + one.hint + "\n";
  EXPECT_EQ(codes,
            "pipeline.missing-key help\n"
            "pipeline.wrong-type a text stands in quotes\n"
            "pipeline.unknown-key did you mean `summary`?\n"
            "pipeline.out-of-range it counts something: 0 or more\n"
            "pipeline.wrong-type a text stands in quotes\n");
}

}  // namespace
}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Which exit code errors mean, and how places in documents become lines.
#include "host/cli/pipelines.hpp"

#include <gtest/gtest.h>

namespace calque::host {
namespace {

exit_code of_pipeline(std::vector<std::pair<std::string, std::uint32_t>> errors) {
  std::vector<diagnostic> all;
  for (auto &[code, line] : errors) {
    all.push_back(error(code, "m"));
    all.back().where.line = line;
  }
  return exit_code_of_pipeline(all);
}

TEST(exit_code_of_pipeline, says_the_cause_where_there_is_one) {
  EXPECT_EQ(of_pipeline({{"pipeline.unknown-key", 3}}), exit_code::config_invalid);
  EXPECT_EQ(of_pipeline({{"pipeline.unknown-plugin", 3}, {"pipeline.unknown-plugin", 5}}), exit_code::plugin_missing);
  EXPECT_EQ(of_pipeline({{"pipeline.unknown-plugin", 3}, {"pipeline.unknown-key", 5}}), exit_code::config_invalid);
  EXPECT_EQ(of_pipeline({{"pipeline.missing-file", 0}}), exit_code::input_missing);
  EXPECT_EQ(of_pipeline({{"pipeline.missing-file", 4}}), exit_code::config_invalid); // one that the pipeline names
  EXPECT_EQ(of_pipeline({{"pipeline.unreadable-file", 0}}), exit_code::no_permission);
}

TEST(exit_code_of_input, is_that_of_the_first_error) {
  const std::vector<diagnostic> all = {{severity::warning, "output.disk-full", "m", "", {}, "", "", {}}, error("input.permission", "m"),
                                       error("input.missing", "m")};
  EXPECT_EQ(exit_code_of_input(all), exit_code::no_permission);
  EXPECT_EQ(exit_code_of_input(std::vector{error("text.not-text", "m")}), exit_code::some_failed);
}

TEST(exit_code_table, holds_each_code_once) {
  const std::string table = exit_code_table();
  for (const char *code : {"\n    0  ", "\n    1  ", "\n    2  ", "\n    3  ", "\n    4  ", "\n   66  ", "\n   69  ", "\n   70  ", "\n   73  ",
                           "\n   74  ", "\n   75  ", "\n   77  ", "\n   78  ", "\n  130  ", "\n  143  "})
    EXPECT_NE(table.find(code), std::string::npos) << code;
}

diagnostic at_bytes(std::uint64_t begin, std::uint64_t end) {
  diagnostic d = error("a.b", "m");
  d.where.source = source_span{0, begin, end};
  return d;
}

TEST(place_in_input, bytes_become_lines_and_columns) {
  const input_file input = input_from_memory("in.txt", "one\nzw\xC3\xB6lf drei\n");
  std::vector<diagnostic> all = {at_bytes(11, 15), at_bytes(2, 8), at_bytes(999, 1000)};
  source_texts sources;
  place_in_input(all, input, sources);
  EXPECT_EQ(all[0].where.file, "in.txt");
  EXPECT_EQ(all[0].where.line, 2u);
  EXPECT_EQ(all[0].where.column, 7u);
  EXPECT_EQ(all[0].where.length, 4u);
  EXPECT_EQ(all[1].where.line, 1u);
  EXPECT_EQ(all[1].where.column, 3u);
  EXPECT_EQ(all[1].where.length, 1u); // to the end of its line
  EXPECT_EQ(all[2].where.line, 0u);   // no such place: left as it is
  EXPECT_NE(sources.find("in.txt"), nullptr);
}

TEST(place_in_input, other_bytes_than_utf8_have_no_lines) {
  const input_file input = input_from_memory("in.txt", "\xFF\xFE one");
  std::vector<diagnostic> all = {at_bytes(0, 1)};
  source_texts sources;
  place_in_input(all, input, sources);
  EXPECT_EQ(all[0].where.line, 0u);
  EXPECT_EQ(sources.find("in.txt"), nullptr);
}

TEST(counted, knows_one) {
  EXPECT_EQ(counted(0, "file"), "0 files");
  EXPECT_EQ(counted(1, "file"), "1 file");
}

}  // namespace
}  // namespace calque::host

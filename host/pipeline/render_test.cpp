// SPDX-License-Identifier: Apache-2.0
// The forms of a diagnostic: for people, for editors, for programs.
#include "host/pipeline/render.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace calque::host {
namespace {

diagnostic sample() {
  diagnostic one = error("pipeline.unknown-key", "unknown key `nmae`", "did you mean `name`?");
  one.where.file = "a.toml";
  one.where.line = 2;
  one.where.column = 1;
  one.where.length = 4;
  return one;
}

source_texts sample_sources() {
  source_texts sources;
  sources.add({"a.toml", "[pipeline]\nnmae = \"x\"\n"});
  return sources;
}

TEST(render, concise_is_one_line_that_editors_parse) {
  EXPECT_EQ(render(sample(), sample_sources(), {.form = render_form::concise}),
            "a.toml:2:1: error[pipeline.unknown-key]: unknown key `nmae` (did you mean `name`?)\n");
}

TEST(render, json_is_one_object_a_line) {
  diagnostic one = sample();
  one.notes.push_back({"seen\nbefore", one.where});
  one.message += " \xFF\"";
  const std::string line = render(one, sample_sources(), {.form = render_form::json});
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  const nlohmann::json read = nlohmann::json::parse(line);
  EXPECT_EQ(read["code"], "pipeline.unknown-key");
  EXPECT_EQ(read["level"], "error");
  EXPECT_EQ(read["where"]["line"], 2);
  EXPECT_EQ(read["where"]["length"], 4);
  EXPECT_EQ(read["notes"][0]["message"], "seen\nbefore");
  EXPECT_NE(read["rendered"].get<std::string>().find("^^^^"), std::string::npos);
}

TEST(render, a_document_has_who_and_where) {
  diagnostic one = error("record.no-body", "nothing follows the head", "see whether the file is whole");
  one.stage = "record (calque.record 0.1.0)";
  one.document = "in/letter.txt";
  one.where.source = source_span{0, 100, 120};
  EXPECT_EQ(render(one, {}, {}),
            "error[record.no-body]: nothing follows the head\n"
            "  document  in/letter.txt\n"
            "  where     stage record (calque.record 0.1.0), bytes 100–120 of the file\n"
            "   = help: see whether the file is whole\n");
}

TEST(render, a_file_that_is_not_at_hand_has_its_place_only) {
  EXPECT_EQ(render(sample(), {}, {}),
            "error[pipeline.unknown-key]: unknown key `nmae`\n"
            "  --> a.toml:2:1\n"
            "   = help: did you mean `name`?\n");
}

TEST(render, nothing_of_a_file_rules_the_terminal) {
  diagnostic one = sample();
  one.message = "\x1b[2Jx\u202E";
  one.hint = "\x07";
  one.where.file = "a\nb.toml";
  const std::string shown = render(one, {}, {});
  EXPECT_EQ(shown,
            "error[pipeline.unknown-key]: ⟨U+001B⟩[2Jx⟨U+202E⟩\n"
            "  --> a⟨U+000A⟩b.toml:2:1\n"
            "   = help: ⟨U+0007⟩\n");
}

TEST(render, many_of_one_kind_are_counted) {
  std::vector<diagnostic> all(5000, sample());
  const std::string alike = render_all(all, sample_sources(), {});
  EXPECT_LT(std::count(alike.begin(), alike.end(), '\n'), 30);
  EXPECT_NE(alike.find("… and 4997 more of [pipeline.unknown-key]"), std::string::npos);
  EXPECT_NE(alike.find("5000 errors"), std::string::npos);
  for (std::size_t k = 0; k < all.size(); ++k) all[k].message += std::to_string(k);
  const std::string unlike = render_all(all, sample_sources(), {});
  EXPECT_LT(std::count(unlike.begin(), unlike.end(), '\n'), 400);
  EXPECT_NE(unlike.find("… and 4950 more\n"), std::string::npos);
  EXPECT_EQ(render_all({}, {}, {}), "");
}

TEST(render, colour_goes_around_words_that_are_there_without_it) {
  const std::string shown = render(sample(), sample_sources(), {.colour = true});
  EXPECT_NE(shown.find("\x1b[1;31merror[pipeline.unknown-key]\x1b[0m"), std::string::npos);
}

}  // namespace
}  // namespace calque::host

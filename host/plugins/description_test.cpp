// SPDX-License-Identifier: Apache-2.0
// Descriptions: to JSON and back, in Markdown, and from and into the cache.
#include "host/plugins/description.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

#include "host/plugins/description_cache.hpp"

namespace calque::host {
namespace {

namespace fs = std::filesystem;

plugin_description sample() {
  plugin_description plugin;
  plugin.name = "diary";
  plugin.version = "1.2.0";
  plugin.license = "MIT";
  plugin.url = "https://example.org";
  plugin.built_with = "gcc 12";
  stage_description stage;
  stage.role = stage_role::import;
  stage.id = "calque.diary";
  stage.version = "1.2.0";
  stage.summary = "Reads diaries";
  stage.flags = CALQUE_TILED;
  stage.accepts = {"text/x-diary", "*.diary"};
  stage.written_layers = {"calque.page/1"};
  option_description choice;
  choice.name = "calendar";
  choice.summary = "Julian | Gregorian";
  choice.type = CALQUE_ENUM;
  choice.choices = {"julian", "gregorian"};
  choice.default_value = "\"julian\"";
  option_description number;
  number.name = "depth";
  number.summary = "How deep";
  number.type = CALQUE_INT;
  number.flags = CALQUE_REQUIRED | CALQUE_LIST;
  number.min = 1;
  number.max = HUGE_VAL;
  stage.options = {choice, number};
  stage.codes = {{"diary.no-date", "A day has no date.", CALQUE_THING_TEXT, CALQUE_EFFECT_NONE, CALQUE_WARNING}};
  stage.plugin = plugin.name;
  plugin.stages = {stage};
  return plugin;
}

TEST(description, comes_back_from_its_report) {
  const plugin_description given = sample();
  const auto back = parse_report(to_report(given));
  ASSERT_TRUE(back);
  ASSERT_TRUE(*back);
  EXPECT_EQ(**back, given);
}

TEST(description, errors_come_back_from_their_report) {
  const auto back = parse_report(to_report(std::vector<diagnostic>{error("a.b", "one", "hint"), error("c.d", "two \xff")}));
  ASSERT_TRUE(back);
  ASSERT_FALSE(*back);
  ASSERT_EQ(back->errors().size(), 2u);
  EXPECT_EQ(back->errors()[0].hint, "hint");
  EXPECT_EQ(back->errors()[1].message, "two \xef\xbf\xbd");
}

TEST(description, other_text_is_no_report) {
  for (const char *text : {"", "x", "[]", "{}", "{\"errors\": []}", "{\"errors\": [1]}", "{\"description\": {}}", "{\"description\": 3}"})
    EXPECT_FALSE(parse_report(text)) << text;
  std::string report = to_report(sample());
  report.replace(report.find("\"import\""), 8, "\"devour\"");
  EXPECT_FALSE(parse_report(report));
}

TEST(description, golden_form_has_nothing_of_the_machine) {
  plugin_description one = sample(), other = sample();
  set_file(other, "/somewhere/diary.calque", "0123");
  other.built_with = "clang 14";
  EXPECT_EQ(to_json(one), to_json(other));
  EXPECT_EQ(other.stages.front().path, "/somewhere/diary.calque");
}

TEST(description, in_markdown) {
  EXPECT_EQ(to_markdown(sample().stages.front()),
            "# import = \"diary\"\n\n"
            "Reads diaries (calque.diary 1.2.0, plugin diary)\n\n"
            "- reads: `text/x-diary`, `*.diary`\n"
            "- writes layers: `calque.page/1`\n"
            "- accounts for every byte of its input\n\n"
            "## Options\n\n"
            "| option | value | default | what it does |\n|---|---|---|---|\n"
            "| `calendar` | `\"julian\"`, `\"gregorian\"` | `\"julian\"` | Julian \\| Gregorian |\n"
            "| `depth` | list of: integer, 1 or more | must be given | How deep |\n\n"
            "## Codes\n\n"
            "| code | of | effect | meaning |\n|---|---|---|---|\n"
            "| `diary.no-date` | text | none | A day has no date. |\n");
}

class description_cache_test : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "calque-cache-XXXXXX").string();
    folder = mkdtemp(name.data());
  }
  void TearDown() override { fs::remove_all(folder); }
  fs::path only_entry() const {
    EXPECT_FALSE(fs::is_empty(folder / "deep"));
    return fs::directory_iterator(folder / "deep")->path();
  }
  fs::path folder;
};

TEST_F(description_cache_test, gives_back_what_it_was_given) {
  const description_cache cache(folder / "deep");
  EXPECT_FALSE(cache.find("abc"));
  cache.keep("abc", sample());
  const auto found = cache.find("abc");
  ASSERT_TRUE(found && *found);
  EXPECT_EQ(**found, sample());
  EXPECT_FALSE(cache.find("abd"));
}

TEST_F(description_cache_test, a_digest_is_remembered_until_the_file_changes) {
  const description_cache cache(folder / "deep");
  const fs::path file = folder / "plugin";
  const auto put = [&](const char *bytes) { std::ofstream(file) << bytes; };
  put("one");
  const auto first = cache.digest_of(file);
  EXPECT_EQ(first, digest_of_file(file));
  EXPECT_FALSE(fs::exists(folder / "deep")) << "so young a file may change again within its times";
  put("two");
  EXPECT_EQ(cache.digest_of(file), digest_of_file(file));
  EXPECT_NE(cache.digest_of(file), first);

  std::this_thread::sleep_for(std::chrono::seconds(4));
  const auto settled = cache.digest_of(file);
  EXPECT_EQ(settled, digest_of_file(file));
  std::string line(std::istreambuf_iterator<char>(std::ifstream(only_entry()).rdbuf()), {});
  line.replace(line.size() - 65, 64, std::string(64, 'a'));
  std::ofstream(only_entry()) << line;
  EXPECT_EQ(cache.digest_of(file), std::string(64, 'a')) << "it is not read again";
  const auto times = fs::last_write_time(file);
  put("six");
  fs::last_write_time(file, times);
  EXPECT_EQ(cache.digest_of(file), digest_of_file(file)) << "nobody can set the time of the change itself";
  std::ofstream(only_entry()) << "noise";
  EXPECT_EQ(cache.digest_of(file), digest_of_file(file));
  EXPECT_EQ(cache.digest_of(folder / "none"), std::nullopt);
}

TEST_F(description_cache_test, keeps_only_errors_that_the_bytes_decide) {
  const description_cache cache(folder);
  cache.keep("a", error("plugin.abi", "another"));
  cache.keep("b", error("plugin.crashed", "it crashed"));
  cache.keep("c", std::vector<diagnostic>{error("plugin.bad-description", "x"), error("plugin.cannot-load", "y")});
  EXPECT_TRUE(cache.find("a"));
  EXPECT_FALSE(cache.find("b"));
  EXPECT_FALSE(cache.find("c"));
}

TEST_F(description_cache_test, damaged_entries_are_none) {
  const description_cache cache(folder / "deep");
  cache.keep("abc", sample());
  const fs::path entry = only_entry();
  std::string bytes;
  {
    std::ifstream in(entry, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  // Each byte wrong, and each length too short.
  for (size_t k = 0; k < bytes.size(); k += 7) {
    std::string damaged = bytes;
    damaged[k] = static_cast<char>(damaged[k] ^ 1);
    std::ofstream(entry, std::ios::binary) << damaged;
    EXPECT_FALSE(cache.find("abc")) << "byte " << k;
    std::ofstream(entry, std::ios::binary) << bytes.substr(0, k);
    EXPECT_FALSE(cache.find("abc")) << "cut at " << k;
  }
  std::ofstream(entry, std::ios::binary) << bytes;
  EXPECT_TRUE(cache.find("abc"));
}

TEST_F(description_cache_test, folder_that_cannot_be_written_is_no_error) {
  std::ofstream(folder / "file") << "x";
  const description_cache cache(folder / "file");
  cache.keep("abc", sample());
  EXPECT_FALSE(cache.find("abc"));
  const description_cache none(fs::path{});
  none.keep("abc", sample());
  EXPECT_FALSE(none.find("abc"));
}

}  // namespace
}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// The catalogue is complete, its examples are true, and its page in docs is the one it prints.
#include "host/pipeline/codes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <vector>

#include "host/pipeline/pipeline_file.hpp"
#include "host/pipeline/render.hpp"
#include "host/pipeline/scratch_folder.hpp"
#include "host/pipeline/test_catalog.hpp"

namespace calque::host {
namespace {

namespace fs = std::filesystem;

std::string read_bytes(const fs::path &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

bool is_host_code(std::string_view text) {
  constexpr std::string_view families[] = {
      "archive.", "convert.", "document.", "dump.",   "explain.",  "gc.",     "input.",   "jail.", "ledger.", "memory.",   "output.", "packed.",
      "pipeline.", "plugin.",  "plugins.", "preview.", "repro.",  "rewrite.", "run.",  "schedule.", "state.",  "test.",
      "verify."};
  const bool is_family = std::any_of(std::begin(families), std::end(families), [&](std::string_view one) {
    return text.starts_with(one) && text.size() > one.size();
  });
  return is_family && text.find('.') == text.rfind('.') && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
         });
}

// The calls of the ABI have names of the same form ("output.create"); these functions take them.
bool is_name_of_call(std::string_view before) {
  while (before.ends_with(' ') || before.ends_with('\n')) before.remove_suffix(1);
  return before.ends_with("misuse(") || before.ends_with("say_nodes(") || before.ends_with("say_marks(") ||
         before.ends_with("read(self,");
}

// Whole strings in the sources of the host, and of what it uses, that read like codes, and a file that each is in.
std::map<std::string, std::string> codes_in_sources() {
  std::map<std::string, std::string> found;
  std::vector<fs::directory_entry> entries;
  for (const char *folder : {"host", "translation_memory"})
    for (const fs::directory_entry &entry : fs::recursive_directory_iterator(fs::path(CALQUE_SOURCE_FOLDER) / folder)) entries.push_back(entry);
  for (const fs::directory_entry &entry : entries) {
    const std::string name = entry.path().filename().string();
    const bool is_source = name.ends_with(".cpp") || name.ends_with(".hpp");
    const bool is_for_tests = name.ends_with("_test.cpp") || name.starts_with("random_") || name.starts_with("sample_") ||
                              name.starts_with("test_");
    if (!is_source || is_for_tests || name == "code_table.cpp") continue;
    const std::string text = read_bytes(entry.path());
    for (std::size_t open = text.find('"'); open != std::string::npos; open = text.find('"', open + 1)) {
      const std::size_t close = std::min(text.find('"', open + 1), text.size());
      const std::string_view word = std::string_view(text).substr(open + 1, close - open - 1);
      if (is_host_code(word) && !is_name_of_call(std::string_view(text).substr(0, open))) found.emplace(word, name);
    }
  }
  return found;
}

TEST(codes, catalogue_and_sources_have_the_same_codes) {
  std::set<std::string, std::less<>> known;
  for (const code_entry &entry : host_codes()) known.emplace(entry.code);
  const auto emitted = codes_in_sources();
  for (const auto &[code, file] : emitted)
    EXPECT_TRUE(known.count(code)) << code << " of " << file << " is not in code_table.cpp";
  for (const std::string &code : known)
    EXPECT_TRUE(emitted.count(code)) << code << " is in code_table.cpp, but nothing reports it";
}

TEST(codes, every_entry_says_something) {
  for (const code_entry &entry : host_codes()) {
    EXPECT_FALSE(entry.summary.empty() || entry.summary.ends_with('.')) << entry.code;
    EXPECT_TRUE(entry.cause.ends_with('.')) << entry.code;
    EXPECT_TRUE(entry.fix.ends_with('.') || entry.fix.ends_with('?')) << entry.code;
    EXPECT_EQ(find_code(entry.code), &entry);
  }
  EXPECT_EQ(find_code("pipeline.nonsense"), nullptr);
}

// What an example leaves out comes after it: a name, and a reader and a writer.
std::string completed(std::string text) {
  if (text.find("[pipeline]") == std::string::npos) text += "[pipeline]\nname = \"minutes\"\n";
  const bool reads_or_writes =
      text.find("[[stage]]") != std::string::npos || text.find("stage = ") != std::string::npos;
  if (!reads_or_writes) text += "[[stage]]\nimport = \"record\"\n[[stage]]\nexport = \"tei\"\n";
  if (text.find("export = ") == std::string::npos && text.find("normalize = ") != std::string::npos)
    text += "[[stage]]\nexport = \"tei\"\n";
  return text;
}

std::set<std::string> codes_of_example(std::string_view example) {
  const scratch_folder folder;
  folder.write("sample.txt", "a sample\n");
  folder.write("shared.toml", "[limits]\ndepth = 100\n");
  folder.write("pipeline.toml", completed(std::string(example)));
  std::vector<std::string> overrides;
  if (example.starts_with("# --set ")) overrides.emplace_back(example.substr(8, example.find('\n') - 8));
  const loaded_pipeline loaded = load_pipeline(folder.path("pipeline.toml"), test_catalog(), overrides);
  std::set<std::string> codes;
  for (const diagnostic &one : loaded.diagnostics) codes.insert(one.code);
  return codes;
}

TEST(codes, each_bad_example_has_exactly_its_code_and_each_good_one_none) {
  // A file in Latin-1 and a hundred files are no examples; the tests of pipeline files have them.
  const std::set<std::string_view> without = {"pipeline.not-utf-8", "pipeline.too-many-files"};
  for (const code_entry &entry : host_codes()) {
    const bool needs_example = entry.code.starts_with("pipeline.") && without.count(entry.code) == 0;
    EXPECT_EQ(!entry.bad.empty(), needs_example) << entry.code;
    if (entry.bad.empty()) continue;
    EXPECT_EQ(codes_of_example(entry.bad), std::set<std::string>{std::string(entry.code)}) << entry.bad;
    if (entry.good.empty()) continue;
    EXPECT_EQ(codes_of_example(entry.good), std::set<std::string>{}) << entry.code << "\n" << entry.good;
  }
}

TEST(codes, the_page_is_up_to_date) {
  const fs::path page = fs::path(CALQUE_SOURCE_FOLDER) / "docs/codes.md";
  if (std::getenv("CALQUE_UPDATE")) std::ofstream(page, std::ios::binary) << explain_all_codes();
  EXPECT_EQ(read_bytes(page), explain_all_codes()) << "CALQUE_UPDATE=1 writes it";
}

}  // namespace
}  // namespace calque::host

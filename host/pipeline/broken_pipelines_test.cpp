// SPDX-License-Identifier: Apache-2.0
// Every NAME.toml of tests/pipelines/broken gives the diagnostics in NAME.expected, as a terminal shows them.
// CALQUE_UPDATE=1 writes the expected files anew; they are read before they are committed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "host/pipeline/codes.hpp"
#include "host/pipeline/pipeline_file.hpp"
#include "host/pipeline/render.hpp"
#include "host/pipeline/test_catalog.hpp"

namespace calque::host {
namespace {

namespace fs = std::filesystem;

std::string read_bytes(const fs::path &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<fs::path> toml_files(const fs::path &folder) {
  std::vector<fs::path> found;
  for (const fs::directory_entry &entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".toml") found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

// The file names what it needs in its first lines: `# --set KEY=VALUE` and `# width N`.
struct needs {
  std::vector<std::string> overrides;
  std::size_t width = 80;
};

needs needs_of(const std::string &text) {
  needs found;
  for (std::size_t at = 0; text.compare(at, 2, "# ") == 0;) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at + 2, end - at - 2);
    if (line.starts_with("--set ")) found.overrides.push_back(line.substr(6));
    if (line.starts_with("width ")) found.width = static_cast<std::size_t>(std::atoi(line.c_str() + 6));
    if (end == text.size()) break;
    at = end + 1;
  }
  return found;
}

// Messages have the names of files as they were given; the tests run in the folder, so that no name depends on where it
// is.
class broken_pipelines : public testing::Test {
 protected:
  void SetUp() override { fs::current_path(fs::path(CALQUE_SOURCE_FOLDER) / "tests/pipelines/broken"); }
  void TearDown() override { fs::current_path(before_); }

 private:
  fs::path before_ = fs::current_path();
};

TEST_F(broken_pipelines, say_what_is_expected) {
  const bool updates = std::getenv("CALQUE_UPDATE") != nullptr;
  const plugin_catalog catalog = test_catalog();
  std::size_t count = 0;
  for (const fs::path &path : toml_files(".")) {
    const std::string name = path.filename().string();
    const needs given = needs_of(read_bytes(path));
    const loaded_pipeline loaded = load_pipeline(name, catalog, given.overrides);
    const bool is_warning = name.starts_with("warning-");
    EXPECT_EQ(loaded.value.has_value(), is_warning) << name;
    EXPECT_FALSE(loaded.diagnostics.empty()) << name;
    const std::string shown = render_all(loaded.diagnostics, loaded.sources, {.width = given.width});
    const fs::path golden = fs::path(path).replace_extension(".expected");
    if (updates) std::ofstream(golden, std::ios::binary) << shown;
    EXPECT_EQ(shown, read_bytes(golden)) << name << ": CALQUE_UPDATE=1 accepts it";
    // What every diagnostic owes its reader, whatever it says.
    for (const diagnostic &one : loaded.diagnostics) {
      EXPECT_NE(find_code(one.code), nullptr) << name << ": " << one.code;
      EXPECT_FALSE(one.message.empty() || one.where.file.empty()) << name << ": " << one.code;
      const source_text *source = loaded.sources.find(one.where.file);
      if (!source) continue;
      EXPECT_GE(one.where.line, 1U) << name;
      EXPECT_LE(one.where.line, source->line_count()) << name;
      EXPECT_GE(one.where.column, 1U) << name;
      EXPECT_LE(one.where.column, source->line(one.where.line).size() + 1) << name;
    }
    ++count;
  }
  EXPECT_GE(count, 60U);
}

TEST_F(broken_pipelines, every_width_is_kept) {
  const plugin_catalog catalog = test_catalog();
  for (const fs::path &path : toml_files(".")) {
    const loaded_pipeline loaded =
        load_pipeline(path.filename().string(), catalog, needs_of(read_bytes(path)).overrides);
    for (const std::size_t width : {40, 80, 200}) {
      for (const diagnostic &one : loaded.diagnostics) {
        const std::string shown = render(one, loaded.sources, {.width = width});
        for (const char c : shown) ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << path;
        const source_text text("", shown);
        for (std::size_t k = 1; k <= text.line_count(); ++k) {
          const std::string_view line = text.line(k);
          const bool is_snippet = line.find(" | ") != std::string_view::npos;
          EXPECT_TRUE(!is_snippet || shown_width(line) <= width + 1) << path << "\n" << line;
        }
        // Colour adds nothing but colour.
        std::string coloured = render(one, loaded.sources, {.width = width, .colour = true});
        for (std::size_t at = coloured.find('\x1b'); at != std::string::npos; at = coloured.find('\x1b', at))
          coloured.erase(at, coloured.find('m', at) - at + 1);
        EXPECT_EQ(coloured, shown) << path;
      }
    }
  }
}

TEST_F(broken_pipelines, hostile_files_give_a_clean_error) {
  const char *given = std::getenv("CALQUE_CORPUS");
  const fs::path folder =
      (given ? fs::path(given) : fs::path(CALQUE_SOURCE_FOLDER) / "../shared/corpus") / "hostile/toml";
  if (!fs::exists(folder)) GTEST_SKIP() << "no " << folder << ": set CALQUE_CORPUS";
  for (const fs::path &path : toml_files(folder)) {
    const loaded_pipeline loaded = load_pipeline(path.string(), test_catalog());
    EXPECT_FALSE(loaded.value) << path;
    ASSERT_FALSE(loaded.diagnostics.empty()) << path;
    const std::string shown = render_all(loaded.diagnostics, loaded.sources, {.width = 80});
    EXPECT_LT(shown.size(), 5000U) << path;
    EXPECT_FALSE(find_invalid_utf8(shown)) << path;
  }
}

}  // namespace
}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Runs every plugins/*/cases/*.md: each case's pipeline on its input, and what came of it against what is expected.
// CALQUE_UPDATE=1 writes what came of it into the files; read the difference before you commit it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "host/document/dump.hpp"
#include "host/pipeline/pipeline_file.hpp"
#include "host/pipeline/run.hpp"
#include "host/pipeline/text_diff.hpp"
#include "host/plugins/search_path.hpp"
#include "host/testing/notation.hpp"
#include "tests/cases/case_file.hpp"

namespace calque::cases {
namespace {

namespace fs = std::filesystem;

const host::plugin_catalog &catalog() {
  // Once a process: each discovery asks a child process for every plugin.
  static const auto *found = new host::plugin_catalog(host::plugin_catalog::discover(
      {{CALQUE_BUILD_FOLDER "/lib/calque/plugins"}, {}, CALQUE_PROGRAM, std::chrono::seconds(60)}));
  return *found;
}

std::string without_last_line_end(std::string text) {
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string diagnostics_of(const host::run_outcome &outcome) {
  static constexpr const char *names[] = {"debug", "info", "warning", "error"};
  std::string out;
  for (const host::diagnostic &d : outcome.diagnostics)
    if (d.level >= host::severity::warning)
      out += std::string(names[static_cast<size_t>(d.level)]) + " " + d.code + " " + d.message + "\n";
  return out;
}

/// What the case asks about, as text.
std::string actual(const std::string &what, const host::run_outcome &outcome) {
  if (what == "status") return std::string(host::name_of(outcome.status));
  if (what == "diagnostics") return without_last_line_end(diagnostics_of(outcome));
  if (what.starts_with("file ")) {
    for (const auto &file : outcome.files)
      if (file.path.ends_with(what.substr(5))) return without_last_line_end(file.bytes);
    return "(no such file)\n" + diagnostics_of(outcome);
  }
  std::string out;
  for (const auto &part : outcome.parts) {
    if (!part.final) return "(the run failed)\n" + diagnostics_of(outcome);
    const document_view view(part.final->view());
    if (&part != &outcome.parts.front()) out += "---\n";
    if (what == "text")
      out += testing::list_text(view);
    else if (what.starts_with("layer "))
      out += testing::list_layer(view, what.substr(6));
    else if (what == "dump")
      out += host::dump(*part.final);
    else
      return "(\"" + what + "\" cannot be expected)";
  }
  return outcome.parts.empty() ? "(no document)\n" + diagnostics_of(outcome) : without_last_line_end(out);
}

host::run_outcome run(const one_case &c, const std::string &path) {
  std::string toml = c.pipeline + "\n";
  if (toml.find("[pipeline]") == toml.npos) toml = "[pipeline]\nname = \"case\"\n" + toml;
  if (toml.find("[loss]") == toml.npos) toml += "[loss]\ndefault = \"warn\"\n";
  const auto loaded = host::load_pipeline_text(path, toml, catalog());
  if (!loaded.value) {
    host::run_outcome failed;
    failed.status = host::run_status::failed;
    failed.diagnostics = loaded.diagnostics;
    return failed;
  }
  host::runner runner(*loaded.value, catalog());
  if (auto problems = runner.prepare(); !problems.empty()) {
    host::run_outcome failed;
    failed.status = host::run_status::failed;
    failed.diagnostics = std::move(problems);
    return failed;
  }
  host::named_output name;
  name.stem = fs::path(c.input_name).stem().string();
  return runner.run(host::input_from_memory(c.input_name, c.input), name);
}

class case_test : public ::testing::TestWithParam<fs::path> {};

TEST_P(case_test, every_case_of_the_file_holds) {
  std::ifstream in(GetParam(), std::ios::binary);
  case_file file = parse_cases(std::string(std::istreambuf_iterator<char>(in), {}));
  ASSERT_FALSE(file.cases.empty()) << "no case in this file";
  const bool update = std::getenv("CALQUE_UPDATE") != nullptr;
  std::map<size_t, std::pair<size_t, std::string>, std::greater<>> rewritten;
  for (const one_case &c : file.cases) {
    EXPECT_FALSE(c.expected.empty()) << c.subject << ": nothing is expected";
    const host::run_outcome outcome = run(c, GetParam().string());
    for (const expectation &e : c.expected) {
      const std::string found = actual(e.what, outcome);
      if (found == e.text) continue;
      if (update)
        rewritten[e.begin] = {e.end, found};
      else
        ADD_FAILURE() << GetParam().string() << ": " << c.subject << ": " << e.what << "\n--- expected\n"
                      << e.text << "\n--- found\n"
                      << found << "\n--- reported\n"
                      << diagnostics_of(outcome);
    }
  }
  if (rewritten.empty()) return;
  for (const auto &[begin, change] : rewritten) {
    std::string text = change.second;
    // An empty block has no line of its own between its fences.
    if (begin == change.first && !text.empty()) text += '\n';
    file.text.replace(begin, change.first - begin, text);
  }
  std::ofstream(GetParam(), std::ios::binary) << file.text;
}

std::vector<fs::path> all_cases() {
  std::vector<fs::path> found;
  for (const auto &folder : fs::directory_iterator(CALQUE_SOURCE_FOLDER "/plugins"))
    if (fs::is_directory(folder.path() / "cases"))
      for (const auto &file : fs::directory_iterator(folder.path() / "cases"))
        if (file.path().extension() == ".md") found.push_back(file.path());
  std::sort(found.begin(), found.end());
  return found;
}

INSTANTIATE_TEST_SUITE_P(plugins, case_test, ::testing::ValuesIn(all_cases()), [](const auto &info) {
  std::string name = info.param.parent_path().parent_path().filename().string() + "_" + info.param.stem().string();
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

TEST(case_file, blocks_are_found_with_their_places) {
  const auto file =
      parse_cases("# A\n```toml\nx\n```\n```input name=a.b escaped\n\\x41\\u{e9}\n```\n```expected text\n```\n");
  ASSERT_EQ(file.cases.size(), 1u);
  EXPECT_EQ(file.cases[0].pipeline, "x");
  EXPECT_EQ(file.cases[0].input, "Aé");
  EXPECT_EQ(file.cases[0].input_name, "a.b");
  ASSERT_EQ(file.cases[0].expected.size(), 1u);
  EXPECT_EQ(file.cases[0].expected[0].text, "");
}

TEST(case_file, archives_are_packed) {
  const auto file = parse_cases("```toml\nx\n```\n```input name=a.zip archive\n--- a\none\n--- b/c\n```\n");
  const std::string &bytes = file.cases.at(0).input;
  EXPECT_TRUE(bytes.starts_with("PK\x03\x04"));
  EXPECT_NE(bytes.find("aonePK"), std::string::npos);
  EXPECT_NE(bytes.find("b/cPK"), std::string::npos);
}

}  // namespace
}  // namespace calque::cases

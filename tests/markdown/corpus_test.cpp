// SPDX-License-Identifier: Apache-2.0
// Files of the corpus: what we write is read as the same again, and hostile files end in time.
#include "tests/markdown/spec_examples.hpp"
#include "tests/markdown/stages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

namespace fs = std::filesystem;

const fs::path corpus = fs::path(CALQUE_SOURCE_FOLDER) / "../shared/corpus";

std::string bytes_of(const fs::path &path) {
  std::ostringstream read;
  read << std::ifstream(path, std::ios::binary).rdbuf();
  return read.str();
}

std::vector<fs::path> files_below(const fs::path &folder, const std::vector<std::string> &extensions) {
  std::vector<fs::path> found;
  if (!fs::exists(folder)) return found;
  for (const auto &entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && (extensions.empty() || std::find(extensions.begin(), extensions.end(),
                                                                   entry.path().extension().string()) != extensions.end()))
      found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

/// Letters and digits of everything but raw HTML, in order.
std::string letters_of(const calque::testing::document &d) {
  std::string made;
  for (const auto &leaf : d.view().root().leaves())
    if (!leaf.is(calque::kind::raw))
      for (char c : leaf.text())
        if (std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80) made += c;
  std::sort(made.begin(), made.end());
  return made;
}

/// What is written of a text, read and written again, is the same from the second time on at the latest.
std::string why_no_fixpoint(std::string_view text) {
  auto read = markdown_tests::read_markdown(text);
  if (!read.ok) return "";  // what cannot be read has no edition
  std::string before = markdown_tests::written("markdown", read.documents.front());
  const std::string letters = letters_of(read.documents.front());
  for (int round = 1; round <= 3; ++round) {
    read = markdown_tests::read_markdown(before);
    if (!read.ok) return before.empty() ? "" : "what was written cannot be read:\n" + before;
    if (round == 1 && letters_of(read.documents.front()) != letters) return "letters differ after a round:\n" + before;
    std::string after = markdown_tests::written("markdown", read.documents.front());
    if (after == before) return "";
    if (round == 3) return "no fixpoint:\n" + before + "=====\n" + after;
    before = std::move(after);
  }
  return "";
}

TEST(markdown_corpus, what_is_written_is_read_again) {
  const auto files = files_below(corpus / "markdown", {".md", ".txt", ".markdown"});
  if (files.empty()) GTEST_SKIP() << "the corpus has no folder markdown";
  size_t count = 0, bad = 0;
  for (const fs::path &path : files) {
    const std::string text = bytes_of(path);
    const auto examples = markdown_tests::read_examples(text);
    std::vector<std::string> texts;
    for (const auto &e : examples) texts.push_back(e.markdown);
    if (text.size() < 60'000) texts.push_back(text);
    for (size_t k = 0; k < texts.size(); ++k) {
      ++count;
      const std::string why = why_no_fixpoint(texts[k]);
      if (!why.empty() && ++bad <= 60) ADD_FAILURE() << path.filename() << ' ' << k + 1 << "\n" << texts[k].substr(0, 600) << "\n---\n" << why.substr(0, 1500);
    }
  }
  EXPECT_EQ(bad, 0u);
  std::cout << count << " texts\n";
}

TEST(markdown_corpus, hostile_files_end_in_time) {
  auto files = files_below(corpus / "hostile/markdown", {});
  for (const fs::path &path : files_below(corpus / "hostile/markdown-fuzz", {})) files.push_back(path);
  if (files.empty()) GTEST_SKIP() << "the corpus has no folder hostile/markdown";
  for (const fs::path &path : files) {
    const auto begin = std::chrono::steady_clock::now();
    const auto read = markdown_tests::read_markdown(bytes_of(path));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    EXPECT_LT(took.count(), 10) << path;
    EXPECT_TRUE(read.ok || !read.diagnostics.empty()) << path;
    std::cout << path.filename().string() << (read.ok ? ": read" : ": " + read.diagnostics.back().code + ": " + read.diagnostics.back().message) << ", "
              << took.count() << " s\n";
  }
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
// Every example of the specifications, from Markdown through the document to HTML.
#include "tests/markdown/spec_examples.hpp"
#include "tests/markdown/stages.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace {

using markdown_tests::example;

std::string corpus_file(const std::string &name) {
  const auto path = std::filesystem::path(CALQUE_SOURCE_FOLDER) / "../shared/corpus/markdown" / name;
  std::ostringstream read;
  read << std::ifstream(path, std::ios::binary).rdbuf();
  return read.str();
}

/// The numbers of those that come out otherwise than the specification has it.
std::set<int> differing(const std::vector<example> &examples, bool autolinks) {
  std::set<int> found;
  for (const example &e : examples) {
    const std::string html = markdown_tests::to_html(e.markdown, autolinks, e.extension == "tagfilter");
    if (markdown_tests::normalized(html) == markdown_tests::normalized(e.html)) continue;
    found.insert(e.number);
    std::cout << "example " << e.number << ' ' << e.extension << "\n" << e.markdown << "--- expected\n" << e.html << "--- made\n" << html << "\n";
  }
  return found;
}

TEST(markdown_specification, commonmark_0_31_2) {
  const std::string text = corpus_file("commonmark-spec.txt");
  if (text.empty()) GTEST_SKIP() << "the corpus has no markdown/commonmark-spec.txt";
  const auto examples = markdown_tests::read_examples(text);
  EXPECT_GE(examples.size(), 652u);
  EXPECT_EQ(differing(examples, false), std::set<int>());
}

TEST(markdown_specification, github_flavored_extensions) {
  const std::string text = corpus_file("gfm/gfm-spec.txt");
  if (text.empty()) GTEST_SKIP() << "the corpus has no markdown/gfm/gfm-spec.txt";
  std::vector<example> extensions;
  for (const example &e : markdown_tests::read_examples(text))
    if (!e.extension.empty()) extensions.push_back(e);
  EXPECT_GE(extensions.size(), 20u);
  EXPECT_EQ(differing(extensions, true), std::set<int>());
}

TEST(markdown_specification, github_flavored_base) {
  const std::string text = corpus_file("gfm/gfm-spec.txt");
  if (text.empty()) GTEST_SKIP() << "the corpus has no markdown/gfm/gfm-spec.txt";
  std::vector<example> base;
  for (const example &e : markdown_tests::read_examples(text))
    if (e.extension.empty()) base.push_back(e);
  EXPECT_GE(base.size(), 640u);
  // Both are comments that ended at once, or had "--" in them: text in 0.29, comments since 0.31.
  EXPECT_EQ(differing(base, false), (std::set<int>{645, 646}));
}

}  // namespace

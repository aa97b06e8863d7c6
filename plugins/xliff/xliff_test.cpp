// SPDX-License-Identifier: Apache-2.0
// What is written is read back: the same blocks, inlines, attributes and words, from documents that are hard to write.
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "plugins/xliff/export.hpp"
#include "plugins/xliff/import.hpp"
#include "tests/validators/sample_documents.hpp"

namespace {

using calque::kind;
using calque::testing::document;
using xliff::export_stage;
using xliff::import_stage;

const calque::testing::settings into_french{{"target_language", "\"fr\""}};

std::string messages(const calque::testing::outcome &made) {
  std::string all;
  for (const auto &d : made.diagnostics) all += d.severity + " " + d.code + ": " + d.message + "\n";
  return all;
}

/// Nodes with their depth, attributes and words, one a line. Leaves of text are in the words of what holds them; what
/// ties asides to their calls, and the ids of the file, differ from document to document.
std::string shape(calque::document_view d) {
  std::string made;
  std::vector<uint32_t> open;
  for (calque::node n : d.nodes()) {
    while (!open.empty() && n.index() >= open.back()) open.pop_back();
    const size_t depth = open.size();
    open.push_back(n.end_index());
    if (n.is_leaf() && !n.is(kind::image) && !n.is(kind::anchor)) continue;
    std::map<std::string, std::string> attributes;
    n.each_attr([&](std::string_view key, std::string_view value) {
      // XML can hold no control characters in attributes: their pictures stand for them.
      if (key != "aside" && key != "anchor" && key != "xliff.id" && n.index() != 0)
        edition::replace_forbidden(value, attributes[std::string(key)]);
    });
    made += std::string(2 * depth, ' ') + std::string(n.kind_name());
    for (const auto &[key, value] : attributes) made += " " + key + "=" + value;
    made += ": " + std::string(n.text()) + "\n";
  }
  return made;
}

/// Where two shapes part; empty when they are one.
std::string difference(const std::string &a, const std::string &b) {
  std::istringstream left(a), right(b);
  for (std::string x, y;;) {
    const bool more = static_cast<bool>(std::getline(left, x)), still = static_cast<bool>(std::getline(right, y));
    if (!more && !still) return {};
    if (more != still || x != y) return "was:  " + (more ? x : "the end") + "\nread: " + (still ? y : "the end") + "\n";
  }
}

TEST(xliff, gives_every_sample_back) {
  int tried = 0;
  for (const auto &[name, sample] : calque::validators::sample_documents(60)) {
    const auto written = calque::testing::write<export_stage>(sample, into_french);
    ASSERT_TRUE(written.ok) << name << "\n" << messages(written);
    const auto read = calque::testing::import<import_stage>(written.files.at(0).bytes, "sample.xlf");
    ASSERT_TRUE(read.ok) << name << "\n" << messages(read) << written.files.at(0).bytes;
    ASSERT_EQ(read.documents.size(), 1U) << name;
    EXPECT_EQ(difference(shape(sample.view()), shape(read.documents[0].view())), "") << name;
    const auto again = calque::testing::write<export_stage>(read.documents[0], into_french);
    ASSERT_TRUE(again.ok) << name << "\n" << messages(again);
    const auto reread = calque::testing::import<import_stage>(again.files.at(0).bytes, "sample.xlf");
    ASSERT_TRUE(reread.ok) << name << "\n" << messages(reread);
    EXPECT_EQ(difference(shape(read.documents[0].view()), shape(reread.documents[0].view())), "") << name;
    ++tried;
  }
  EXPECT_GT(tried, 60);
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
// Rows that are lists, rows that only look like them, and that every letter but the markers stays.
#include "plugins/lists/lists.hpp"

#include <gtest/gtest.h>

#include <calque/testing.hpp>

#include <algorithm>

#include "plugins/common/random_paragraphs.hpp"

namespace calque::plugins {
namespace {

using testing::document;
using testing::normalize;

void outline(node n, std::string &out) {
  for (const node child : n.children()) {
    if (child.is(kind::aside) && child.attr("role") == "field") continue;
    if (child.is(kind::ordered_list) || child.is(kind::bullet_list)) {
      out += child.is(kind::bullet_list) ? "*" : std::string(child.attr("style").value_or("?"));
      if (auto start = child.attr("start")) out += "@" + std::string(*start);
      out += "[";
      outline(child, out);
      out += "]";
    } else if (child.is(kind::list_item)) {
      out += "{" + std::string(child.attr("label").value_or("?")) + "|";
      outline(child, out);
      out += "}";
    } else if (child.is_text_block()) {
      out += child.text();
    } else {
      outline(child, out);
    }
  }
}

std::string listed(const std::string &notation, const testing::settings &options = {}) {
  const auto done = normalize<lists>(document::parse(notation), options);
  EXPECT_TRUE(done.ok) << (done.diagnostics.empty() ? "" : done.diagnostics.front().message);
  std::string out;
  if (done.ok) outline(done.documents.front().view().root(), out);
  return out;
}

std::string rows(std::initializer_list<const char *> texts) {
  std::string made;
  for (const char *t : texts) made += std::string("paragraph: ") + t + "\n";
  return made;
}

TEST(lists, markers_that_count_are_a_list) {
  EXPECT_EQ(listed(rows({"1. one", "2. two"})), "decimal[{1.|one}{2.|two}]");
  EXPECT_EQ(listed(rows({"(a) one", "(b) two"})), "lower_alpha[{(a)|one}{(b)|two}]");
  EXPECT_EQ(listed(rows({"i) one", "ii) two"})), "lower_roman[{i)|one}{ii)|two}]");
  EXPECT_EQ(listed(rows({"I. one", "II. two"})), "upper_roman[{I.|one}{II.|two}]");
  EXPECT_EQ(listed(rows({"4. one", "5. two", "6. three"})), "decimal@4[{4.|one}{5.|two}{6.|three}]");
  EXPECT_EQ(listed(rows({"1. one", "2. two"}), {{"numbers", "false"}}), "1. one2. two");
}

TEST(lists, dots_are_a_list_and_dashes_when_they_are_announced) {
  EXPECT_EQ(listed(rows({"• one", "• two"})), "*[{•|one}{•|two}]");
  EXPECT_EQ(listed(rows({"We ask for:", "– one", "– two."})), "We ask for:*[{–|one}{–|two.}]");
  EXPECT_EQ(listed(rows({"– one;", "– two"})), "*[{–|one;}{–|two}]");
  EXPECT_EQ(listed(rows({"• one", "• two"}), {{"bullets", "false"}}), "• one• two");
}

TEST(lists, what_only_looks_like_one_stays) {
  EXPECT_EQ(listed(rows({"1. one", "3. three"})), "1. one3. three");
  EXPECT_EQ(listed(rows({"1. one"})), "1. one");
  EXPECT_EQ(listed(rows({"1. one", "(2) two"})), "1. one(2) two");
  EXPECT_EQ(listed(rows({"A. Chekhov wrote.", "B. Smith read."})), "A. Chekhov wrote.B. Smith read.");
  EXPECT_EQ(listed(rows({"3. 5. 1951", "4. 5. 1951", "5. 5. 1951"})), "3. 5. 19514. 5. 19515. 5. 1951");
  EXPECT_EQ(listed(rows({"– Yes.", "– No."})), "– Yes.– No.");
  EXPECT_EQ(listed(rows({"He said:", "– Yes.", "– No."})), "He said:– Yes.– No.");
  EXPECT_EQ(listed(rows({"- 12 -", "- 13 -"})), "- 12 -- 13 -");
  EXPECT_EQ(listed("field calque.other\n  paragraph: 1. one\n  paragraph: 2. two\nparagraph: x"), "x");
}

TEST(lists, items_hold_lists_and_notes) {
  EXPECT_EQ(listed(rows({"1. one", "(a) first", "(b) second", "2. two", "end"})),
            "decimal[{1.|onelower_alpha[{(a)|first}{(b)|second}]}{2.|two}]end");
  EXPECT_EQ(listed("paragraph: 1. one{anchor 1}\naside note 1\n  paragraph: said\nparagraph: 2. two"),
            "decimal[{1.|onesaid}{2.|two}]");
  EXPECT_EQ(listed("block_quote\n  paragraph: (i) {emphasis one}\n  paragraph: (ii) two"),
            "lower_roman[{(i)|one}{(ii)|two}]");
  EXPECT_EQ(listed("paragraph: {strong 1.} one\nparagraph: {strong 2.} two"), "decimal[{1.|one}{2.|two}]");
}

TEST(lists, lines_of_a_paragraph_are_items_when_all_of_them_are) {
  EXPECT_EQ(
      listed(
          "paragraph: We ask for:␣1. a bell␣and a rope␣2. a {emphasis boat}{anchor 1}\naside note 1\n  paragraph: n"),
      "We ask for:decimal[{1.|a bell and a rope}{2.|a boatn}]");
  EXPECT_EQ(listed("paragraph: • one⏎• two\nparagraph: • three"), "*[{•|one}{•|two}]• three");
  EXPECT_EQ(listed("paragraph: In the year␣1. of the bridge␣3. and so on"),
            "In the year 1. of the bridge 3. and so on");
  EXPECT_EQ(listed("paragraph: 1. one␣(b) two␣2. three"), "1. one (b) two 2. three");
  EXPECT_EQ(listed("paragraph: 1. (a) one␣(b) two\nparagraph: 2. three"), "decimal[{1.|(a) one (b) two}{2.|three}]");
}

TEST(lists, each_change_is_said) {
  const auto done = normalize<lists>(document::parse(rows({"1. one", "2. two"})));
  ASSERT_EQ(done.diagnostics.size(), 1u);
  EXPECT_EQ(done.diagnostics[0].code, "lists.found");
  EXPECT_NE(done.ledger.find("lists.marker"), std::string::npos);
}

TEST(lists, a_long_row_is_read_once) {
  std::string dialogue;
  for (int k = 0; k < 3000; ++k) dialogue += "paragraph: – Yes;\n";
  EXPECT_TRUE(normalize<lists>(document::parse(dialogue + "paragraph: – No.\n")).ok);
}

/// All characters but blanks and line ends, in an order that does not matter.
std::string characters(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  std::sort(text.begin(), text.end());
  return text;
}

TEST(lists, a_second_run_changes_nothing_and_all_text_is_in_words_or_labels) {
  int changed = 0;
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    const document before = document::parse(random_paragraphs(seed));
    const auto once = normalize<lists>(before);
    ASSERT_TRUE(once.ok) << seed;
    std::string all(once.documents.front().view().text());
    for (const node n : once.documents.front().view().nodes())
      if (n.is(kind::list_item)) all += n.attr("label").value_or("");
    EXPECT_EQ(characters(all), characters(std::string(before.view().text()))) << seed;
    changed += once.text() == before.text() ? 0 : 1;
    const auto twice = normalize<lists>(once.documents.front());
    ASSERT_TRUE(twice.ok) << seed;
    EXPECT_EQ(twice.documents.front().dump(), once.documents.front().dump()) << seed << "\n" << random_paragraphs(seed);
  }
  EXPECT_GT(changed, 30);
}

}  // namespace
}  // namespace calque::plugins

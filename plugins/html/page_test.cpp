// SPDX-License-Identifier: Apache-2.0
// What a page says of fields, lists and directions, and that the importer reads it as it was meant.
#include "plugins/html/html.hpp"
#include "plugins/html/import.hpp"

#include <calque/testing.hpp>

#include <gtest/gtest.h>

namespace {

using calque::testing::document;

std::string page_of(const document &d) {
  const auto done = calque::testing::write<html::stage>(d);
  EXPECT_TRUE(done.ok) << (done.diagnostics.empty() ? "" : done.diagnostics.front().message);
  return done.files.empty() ? "" : done.files.front().bytes;
}

document read_again(const std::string &page) {
  const auto made = calque::testing::import <calque::plugins::html_importer>(page, "page.html");
  EXPECT_TRUE(made.ok);
  return made.ok ? made.documents.front() : document::parse("paragraph: not read");
}

/// The page from one string to the end of another.
std::string part(const std::string &page, std::string_view from, std::string_view to) {
  const size_t begin = page.find(from), end = page.find(to, begin);
  return begin == page.npos || end == page.npos ? page : page.substr(begin, end + to.size() - begin);
}

TEST(html_page, values_of_one_name_stand_under_it_and_are_fields_again) {
  const std::string page = page_of(document::parse(
      "field title: Talks\nfield creator: Lin\nfield date: 1958\nfield creator: Zhang\nfield title: Meetings\n"
      "paragraph: x"));
  EXPECT_EQ(part(page, "<dl>", "</dl>"),
            "<dl>\n"
            "<dt>Creator</dt><dd id=\"n3\" data-key=\"creator\">Lin</dd>\n"
            "<dd id=\"n7\" data-key=\"creator\">Zhang</dd>\n"
            "<dt>Date</dt><dd id=\"n5\" data-key=\"date\">1958</dd>\n"
            "<dt>Title</dt><dd id=\"n9\" data-key=\"title\">Meetings</dd>\n"
            "</dl>");
  const document again = read_again(page);
  EXPECT_EQ(again.text(),
            "field title: Talks\nfield creator: Lin\nfield creator: Zhang\nfield date: 1958\nfield title: Meetings\n"
            "paragraph: x\n");
  EXPECT_EQ(page_of(again), page);
}

TEST(html_page, the_language_of_a_field_is_kept_though_the_page_has_it_too) {
  const std::string page = page_of(
      document::parse("field title lang=en: Talks\nfield creator lang=fr: Lin\nfield date: 1958\nparagraph: x"));
  EXPECT_NE(page.find("<h1 data-key=\"title\" lang=\"en\">Talks</h1>"), page.npos) << page;
  const std::string dump = read_again(page).dump();
  EXPECT_NE(dump.find("key=\"title\" lang=\"en\""), dump.npos) << dump;
  EXPECT_NE(dump.find("key=\"creator\" lang=\"fr\""), dump.npos) << dump;
  EXPECT_EQ(dump.find("key=\"date\" lang"), dump.npos) << dump;
}

TEST(html_page, a_list_of_letters_is_one_again) {
  const std::string page =
      page_of(document::parse("ordered_list style=lower_alpha start=3\n  list_item\n    paragraph: c\n"
                              "ordered_list style=upper_roman\n  list_item\n    paragraph: I\n"
                              "bullet_list style=lower_alpha\n  list_item\n    paragraph: none"));
  EXPECT_NE(page.find("<ol id=\"n1\" start=\"3\" type=\"a\">"), page.npos) << page;
  EXPECT_NE(page.find("<ol id=\"n5\" type=\"I\">"), page.npos) << page;
  EXPECT_NE(page.find("<ul id=\"n9\">"), page.npos) << page;
  const std::string dump = read_again(page).dump();
  EXPECT_NE(dump.find("style=\"lower_alpha\""), dump.npos) << dump;
  EXPECT_NE(dump.find("style=\"upper_roman\""), dump.npos) << dump;
}

TEST(html_page, a_block_says_its_direction_only_where_the_text_around_it_has_another) {
  const std::string arabic = page_of(
      document::parse("division lang=ar\n  paragraph: \u0645\u0631\u062D\u0628\u0627\n  paragraph lang=en: Boats\n"
                      "  paragraph dir=ltr: \u0645\u0631\u062D\u0628\u0627"));
  EXPECT_NE(arabic.find("<p id=\"n2\">\u0645"), arabic.npos) << arabic;
  EXPECT_NE(arabic.find("<p id=\"n4\" lang=\"en\" dir=\"ltr\">"), arabic.npos) << arabic;
  EXPECT_NE(arabic.find("<p id=\"n6\" dir=\"ltr\">"), arabic.npos) << arabic;
  const std::string english =
      page_of(document::parse("division lang=en\n  paragraph: Boats\n  paragraph: \u0645\u0631\u062D\u0628\u0627"));
  EXPECT_NE(english.find("<p id=\"n2\">Boats"), english.npos) << english;
  EXPECT_NE(english.find("<p id=\"n4\" dir=\"auto\">"), english.npos) << english;
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
// The container of a book, where its pages begin, its dates, and names of resources that are no names.
#include "plugins/epub/export.hpp"

#include <gtest/gtest.h>
#include <zip.h>

#include <calque/testing.hpp>

#include <cstdlib>

namespace {

using calque::testing::document;
using calque::testing::settings;

/// The files of a book, by name; read by libzip's own reader.
std::vector<std::pair<std::string, std::string>> entries(const std::string &bytes) {
  std::vector<std::pair<std::string, std::string>> found;
  zip_error_t error;
  zip_source_t *source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t *archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
  if (archive == nullptr) return found;
  for (zip_int64_t k = 0; k < zip_get_num_entries(archive, 0); ++k) {
    zip_stat_t stat;
    zip_stat_index(archive, static_cast<zip_uint64_t>(k), 0, &stat);
    std::string content(stat.size, '\0');
    zip_file_t *file = zip_fopen_index(archive, static_cast<zip_uint64_t>(k), 0);
    zip_fread(file, content.data(), content.size());
    zip_fclose(file);
    found.emplace_back(stat.name, content);
  }
  zip_discard(archive);
  return found;
}

std::string file_of(const std::string &bytes, std::string_view name) {
  for (const auto &[path, content] : entries(bytes))
    if (path == name) return content;
  return "(no such file)";
}

std::string book_of(const document &d, const settings &options = {}) {
  const auto done = calque::testing::write<epub::exporter>(d, options);
  EXPECT_TRUE(done.ok) << (done.diagnostics.empty() ? "" : done.diagnostics.front().message);
  return done.files.empty() ? "" : done.files.front().bytes;
}

size_t page_count(const document &d, const char *level) {
  size_t count = 0;
  for (const auto &[path, content] : entries(book_of(d, {{"split_level", level}})))
    count += path.starts_with("EPUB/text-") ? 1u : 0u;
  return count;
}

const char *const volume =
    "section\n  heading level=1: One\n  section\n    heading level=2: First\n    paragraph: a\n"
    "  section lang=ar\n    heading level=2: Second\n    paragraph: b{anchor 1}\n    aside note 1\n      paragraph: n\n"
    "    paragraph: c\nheading level=1: Two\nsubtitle: of two\nheading level=2: Third\nparagraph: d";

TEST(epub, the_type_stands_first_and_two_runs_give_the_same_bytes) {
  const auto d = document::parse("field title: Talks\nparagraph: Boats came.");
  const std::string bytes = book_of(d);
  EXPECT_EQ(bytes.substr(30, 28), "mimetypeapplication/epub+zip");
  EXPECT_EQ(bytes, book_of(d));
  setenv("TZ", "Pacific/Kiritimati", 1);
  EXPECT_EQ(bytes, book_of(d));
  unsetenv("TZ");
}

TEST(epub, pages_begin_at_headings_down_to_a_level) {
  const auto d = document::parse(volume);
  EXPECT_EQ(page_count(d, "0"), 1u);
  EXPECT_EQ(page_count(d, "1"), 2u);
  // "One" and "Two" have no text of their own and take in what follows.
  EXPECT_EQ(page_count(d, "2"), 3u);
}

TEST(epub, a_part_goes_on_in_the_next_page_with_its_notes) {
  const std::string page = file_of(book_of(document::parse(volume), {{"split_level", "2"}}), "EPUB/text-0002.xhtml");
  EXPECT_NE(page.find("<body epub:type=\"bodymatter\">\n<section class=\"section\">\n<section id=\""),
            std::string::npos)
      << page;
  EXPECT_NE(page.find(" dir=\"rtl\""), std::string::npos);
  EXPECT_NE(page.find("epub:type=\"noteref\""), std::string::npos);
  EXPECT_NE(page.find("epub:type=\"footnote\""), std::string::npos);
  EXPECT_EQ(page.find("Two"), std::string::npos);
}

/// Two chapters that lead to each other, to nowhere, and to a file that no book holds.
struct linked : calque::importer {
  static constexpr calque::stage_info info{"test.linked", "1", "Chapters with links"};
  static int probe(const calque::probe &) { return 0; }
  void run(const calque::input &, calque::builder &out) const {
    auto chapter = [&](std::string_view name, std::initializer_list<std::string_view> targets) {
      {
        const calque::scope heading = out.begin(calque::kind::heading);
        out.attr("level", "1");
        out.attr("id", name);
        out.text(name, {}, calque::kind::text);
      }
      const calque::scope paragraph = out.begin(calque::kind::paragraph);
      for (std::string_view target : targets) {
        const calque::scope link = out.begin(calque::kind::link);
        out.attr("href", target);
        out.text("there", {}, calque::kind::text);
      }
    };
    chapter("one", {"#two", "#three", "a.html", "https://example.org/"});
    chapter("two", {"#one"});
  }
};

TEST(epub, links_lead_from_page_to_page_or_are_said) {
  const auto made = calque::testing::import <linked>("");
  ASSERT_TRUE(made.ok);
  const auto done = calque::testing::write<epub::exporter>(made.documents.front());
  ASSERT_TRUE(done.ok);
  const std::string &bytes = done.files.front().bytes;
  EXPECT_NE(file_of(bytes, "EPUB/text-0001.xhtml").find("<a href=\"text-0002.xhtml#two\""), std::string::npos);
  EXPECT_NE(file_of(bytes, "EPUB/text-0001.xhtml").find("<a href=\"https://example.org/\""), std::string::npos);
  EXPECT_NE(file_of(bytes, "EPUB/text-0002.xhtml").find("<a href=\"text-0001.xhtml#one\""), std::string::npos);
  EXPECT_NE(done.ledger.find("epub.link-not-followed"), std::string::npos);
  EXPECT_NE(done.ledger.find("\"count\": 2,"), std::string::npos) << done.ledger;
}

/// A link leads to an image with words that an editor marks: the mark holds the words alone, and cuts what holds both.
struct cut : calque::importer {
  static constexpr calque::stage_info info{"test.cut", "1", "A target that a mark cuts"};
  static constexpr auto written_layers = calque::list("calque.editorial/1");
  static int probe(const calque::probe &) { return 0; }
  void run(const calque::input &, calque::builder &out) const {
    const calque::scope paragraph = out.begin(calque::kind::paragraph);
    {
      const calque::scope link = out.begin(calque::kind::link);
      out.attr("href", "#word");
      out.text("there", {}, calque::kind::text);
    }
    {
      const calque::scope word = out.begin(calque::kind::emphasis);
      out.attr("id", "word");
      out.text({}, {}, calque::kind::image);
      out.text("harbour", {}, calque::kind::text);
    }
    out.text(" master", {}, calque::kind::text);
    out.marks().span("calque.editorial/1", "uncertain", {5, 12});
  }
};

TEST(epub, a_target_that_a_mark_cuts_has_its_name_once) {
  const auto made = calque::testing::import <cut>("");
  ASSERT_TRUE(made.ok);
  const std::string page = file_of(book_of(made.documents.front()), "EPUB/text-0001.xhtml");
  const size_t first = page.find("<em id=\"word\">");
  ASSERT_NE(first, std::string::npos) << page;
  EXPECT_EQ(page.find("id=\"word\"", first + 15), std::string::npos) << page;
  EXPECT_NE(page.find("<em>", first), std::string::npos) << page;
}

TEST(epub, values_of_one_name_stand_under_it_and_are_elements_of_the_package) {
  const std::string bytes =
      book_of(document::parse("field creator: Lin\nfield date: 1958\nfield creator: Zhang\nparagraph: x"));
  EXPECT_NE(file_of(bytes, "EPUB/front.xhtml")
                .find("<dt>Creator</dt><dd id=\"n1\" data-key=\"creator\">Lin</dd>\n<dd id=\"n5\" data-key=\"creator\">Zhang</dd>\n<dt>Date</dt>"),
            std::string::npos)
      << file_of(bytes, "EPUB/front.xhtml");
  const std::string package = file_of(bytes, "EPUB/package.opf");
  EXPECT_NE(package.find("<dc:creator>Lin</dc:creator>"), std::string::npos) << package;
  EXPECT_NE(package.find("<dc:creator>Zhang</dc:creator>"), std::string::npos) << package;
}

TEST(epub, the_time_comes_from_the_option_or_the_document_or_the_epoch) {
  auto modified = [](const char *notation, const settings &options = {}) {
    const std::string package = file_of(book_of(document::parse(notation), options), "EPUB/package.opf");
    const size_t at = package.find("dcterms:modified\">");
    return at == std::string::npos ? package : package.substr(at + 18, 20);
  };
  unsetenv("SOURCE_DATE_EPOCH");
  EXPECT_EQ(modified("field date: 1958-09-17\nparagraph: x"), "1958-09-17T00:00:00Z");
  EXPECT_EQ(modified("field date: 1958-09-17\nfield modified: 1999-12-31\nparagraph: x"), "1999-12-31T00:00:00Z");
  EXPECT_EQ(modified("field date: 1958\nparagraph: x"), "1970-01-01T00:00:00Z");
  setenv("SOURCE_DATE_EPOCH", "951782399", 1);
  EXPECT_EQ(modified("paragraph: x"), "2000-02-28T23:59:59Z");
  EXPECT_EQ(modified("field date: 1958-09-17\nparagraph: x"), "1958-09-17T00:00:00Z");
  unsetenv("SOURCE_DATE_EPOCH");
  EXPECT_EQ(modified("paragraph: x", {{"modified", "\"2024-05-01T12:00:00Z\""}}), "2024-05-01T12:00:00Z");
  const auto wrong =
      calque::testing::write<epub::exporter>(document::parse("paragraph: x"), {{"modified", "\"today\""}});
  EXPECT_FALSE(wrong.ok);
  ASSERT_FALSE(wrong.diagnostics.empty());
  EXPECT_EQ(wrong.diagnostics.front().code, "epub.modified-not-a-time");
}

}  // namespace

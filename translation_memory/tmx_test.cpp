// SPDX-License-Identifier: Apache-2.0
// TMX in and out: what is kept of a unit, what is left out with its reason, and what is refused.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "translation_memory/store.hpp"
#include "translation_memory/tmx_reader.hpp"
#include "translation_memory/tmx_writer.hpp"

namespace calque::tm {
namespace {

namespace fs = std::filesystem;

struct reading {
  std::vector<unit> units;
  std::vector<std::string> header_notes;
  tmx_account account;
  std::string refused, why;
};

reading read_text(const std::string &text, const tmx_limits &within = {}) {
  reading found;
  std::istringstream in(text);
  const tmx_sink sink{[&](const unit &u) { found.units.push_back(u); },
                      [&](const std::string &n) { found.header_notes.push_back(n); }};
  try {
    found.account = read_tmx(in, "talks.tmx", "talks.tmx", sink, within);
  } catch (const failure &error) {
    found.refused = error.code();
    found.why = error.what();
  }
  return found;
}

std::string file_of(const std::string &body, const std::string &header = R"(srclang="en")") {
  return R"(<?xml version="1.0"?><tmx version="1.4"><header )" + header + "/><body>" + body + "</body></tmx>";
}

std::string write(const reading &from) {
  std::string out;
  tmx_writer writer([&](const std::string &bytes) { out += bytes; }, from.header_notes);
  for (const unit &u : from.units) writer.write(u);
  writer.end();
  return out;
}

TEST(tmx, keeps_all_that_a_unit_says) {
  const reading r = read_text(file_of(
      R"(<tu tuid="7" usagecount="2"><note>of both</note><prop type="x-domain">a&amp;b</prop>)"
      R"(<tuv xml:lang="EN"><seg>The <bpt i="1" x="1">&lt;b></bpt>cat<ept i="1">&lt;/b></ept>.</seg></tuv>)"
      R"(<tuv xml:lang="fr-ca" creationdate="19970309T021145Z" creationid="BobW"><prop type="Origin">MT</prop><seg>Le chat.</seg></tuv></tu>)"));
  ASSERT_EQ(r.units.size(), 1u) << r.why;
  const unit &u = r.units[0];
  EXPECT_EQ(u.source.language, "en");
  EXPECT_EQ(u.source.text, "The cat.");
  EXPECT_EQ(u.source.markup, R"(The <bpt i="1" x="1">&lt;b&gt;</bpt>cat<ept i="1">&lt;/b&gt;</ept>.)");
  EXPECT_EQ(u.target.language, "fr-CA");
  EXPECT_EQ(u.target.markup, "");
  EXPECT_EQ(u.name, "7");
  EXPECT_EQ(u.file, "talks.tmx");
  EXPECT_EQ(u.created, "19970309T021145Z");
  EXPECT_EQ(u.creator, "BobW");
  EXPECT_EQ(u.attributes, R"( usagecount="2")");
  EXPECT_EQ(u.notes, R"(<note>of both</note><prop type="x-domain">a&amp;b</prop>)");
  EXPECT_EQ(u.target.notes, R"(<prop type="Origin">MT</prop>)");
}

TEST(tmx, units_of_many_languages_are_pairs_with_the_source) {
  const std::string body =
      R"(<tu><tuv xml:lang="fr"><seg>un</seg></tuv><tuv xml:lang="en-US"><seg>one</seg></tuv><tuv xml:lang="de"><seg>eins</seg></tuv></tu>)";
  const reading r = read_text(file_of(body));
  ASSERT_EQ(r.units.size(), 2u);
  EXPECT_EQ(r.units[0].source.text, "one");
  EXPECT_EQ(r.units[0].target.text, "un");
  EXPECT_EQ(r.units[1].target.text, "eins");
  EXPECT_EQ(read_text(file_of(body, R"(srclang="*all*")")).units[0].source.text, "un");
}

TEST(tmx, what_the_header_says_of_all_units_is_said_of_each) {
  const std::string body =
      R"(<tu><tuv xml:lang="en"><seg>a&#13;&#10;b</seg></tuv><tuv xml:lang="ru"><seg>c</seg></tuv></tu>)";
  const reading r = read_text(file_of(body, R"(srclang="en" segtype="paragraph" datatype="html")"));
  ASSERT_EQ(r.units.size(), 1u);
  EXPECT_EQ(r.units[0].attributes, R"( datatype="html" segtype="paragraph")");
  EXPECT_EQ(r.units[0].source.text, "a\r\nb");
  const reading again = read_text(write(r));
  ASSERT_EQ(again.units.size(), 1u);
  EXPECT_EQ(again.units[0].source.text, "a\r\nb");
  EXPECT_EQ(again.units[0].attributes, r.units[0].attributes);
}

TEST(tmx, text_within_codes_is_not_matched_but_highlights_are) {
  const reading r = read_text(file_of(
      R"(<tu><tuv lang="en"><seg>See <ph x="1">[<sub>Start</sub>]</ph><hi type="t">here</hi></seg></tuv><tuv lang="ru"><seg>a</seg></tuv></tu>)"));
  ASSERT_EQ(r.units.size(), 1u);
  EXPECT_EQ(r.units[0].source.text, "See here");
  EXPECT_EQ(r.units[0].source.markup, R"(See <ph x="1">[<sub>Start</sub>]</ph><hi type="t">here</hi>)");
}

TEST(tmx, contexts_are_neighbours_or_what_properties_say) {
  const auto pair = [](const std::string &text, const std::string &more = "") {
    return "<tu>" + more + "<tuv xml:lang=\"en\"><seg>" + text +
           "</seg></tuv><tuv xml:lang=\"ru\"><seg>t</seg></tuv></tu>";
  };
  const reading r = read_text(
      file_of(pair("one") + pair("two", "<prop type=\"x-context-pre\">&lt;seg>zero&lt;/seg></prop>") + pair("three")));
  ASSERT_EQ(r.units.size(), 3u);
  EXPECT_EQ(r.units[0].contexts, (std::vector<context>{{"", "two"}}));
  EXPECT_EQ(r.units[1].contexts, (std::vector<context>{{"zero", ""}}));
  EXPECT_EQ(r.units[2].contexts, (std::vector<context>{{"two", ""}}));
  EXPECT_EQ(r.units[1].notes, "");
}

TEST(tmx, what_is_left_out_is_said) {
  const reading r = read_text(file_of(
      "<tu><tuv xml:lang=\"en\"/><tuv><seg>no lang</seg></tuv></tu>\n<tu/>\n"
      "<tu><tuv xml:lang=\"not a language!!\"><seg>x</seg></tuv><tuv xml:lang=\"zh\"><seg>y</seg></tuv></tu>"
      "<tu><tuv xml:lang=\"en\"><seg>a <bpt>b</bpt><b>c</b></seg></tuv><tuv xml:lang=\"zh\"><seg>y</seg></tuv></tu>"));
  std::string said;
  for (const auto &[what, one] : r.account.remarks)
    said += (one.is_loss ? "lost " : "kept ") + std::to_string(one.count) + " " + what + " @" +
            std::to_string(one.first_line) + "\n";
  EXPECT_EQ(said,
            "kept 1 inline codes without the number or position that TMX asks for; they became <ph> @3\n"
            "lost 1 languages without a segment @1\n"
            "lost 1 segments in a language whose tag is none @3\n"
            "lost 1 segments without a language @1\n"
            "lost 1 tags in segments where TMX has none; their text is kept @3\n"
            "lost 1 units in one language @2\n"
            "lost 2 units of which one language was left @1\n");
  ASSERT_EQ(r.units.size(), 1u);
  EXPECT_EQ(r.units[0].source.markup, "a <ph>b</ph>c");
  EXPECT_EQ(r.account.read, 4u);
}

TEST(tmx, what_is_no_tmx_is_refused) {
  EXPECT_EQ(read_text("<html/>").refused, "memory.not-tmx");
  EXPECT_EQ(read_text("<tmx version=\"2.0\"/>").refused, "memory.not-tmx");
  EXPECT_EQ(read_text("").refused, "memory.not-well-formed");
  EXPECT_EQ(read_text("<tmx>\n <body>").refused, "memory.not-well-formed");
  EXPECT_NE(read_text("<tmx>\n <body></tmx>").why.find("talks.tmx:2:"), std::string::npos);
}

TEST(tmx, entities_are_never_read_from_outside) {
  const reading r = read_text(
      "<!DOCTYPE tmx SYSTEM \"tmx14.dtd\" [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><tmx version=\"1.4\"><header "
      "srclang=\"en\"/>"
      "<body><tu><tuv xml:lang=\"en\"><seg>a &e;</seg></tuv><tuv xml:lang=\"ru\"><seg>b "
      "&nbsp;</seg></tuv></tu></body></tmx>");
  EXPECT_EQ(r.refused, "");
  EXPECT_EQ(r.units.size(), 0u);
  EXPECT_EQ(r.account.remarks.count("texts with an entity that the file does not say"), 1u);
}

TEST(tmx, limits_have_names) {
  std::string bomb = "<!DOCTYPE tmx [<!ENTITY a0 \"aaaaaaaaaaaaaaaa\">";
  for (int k = 1; k < 9; ++k) {
    bomb += "<!ENTITY a" + std::to_string(k) + " \"";
    for (int n = 0; n < 10; ++n) bomb += "&a" + std::to_string(k - 1) + ";";
    bomb += "\">";
  }
  bomb += "]><tmx version=\"1.4\"><body><tu><tuv xml:lang=\"en\"><seg>&a8;</seg></tuv></tu></body></tmx>";
  EXPECT_NE(read_text(bomb).why.find("limit `amplification`"), std::string::npos);

  std::string deep = "<tu><tuv xml:lang=\"en\"><seg>";
  for (int k = 0; k < 100; ++k) deep += "<hi>";
  EXPECT_NE(read_text(file_of(deep)).why.find("limit `depth`"), std::string::npos);

  tmx_limits few;
  few.variants = 3;
  few.unit = 1000;
  few.token = 100'000;
  std::string many = "<tu>";
  for (int k = 0; k < 4; ++k) many += "<tuv xml:lang=\"x-" + std::to_string(k) + "\"><seg>s</seg></tuv>";
  EXPECT_NE(read_text(file_of(many), few).why.find("limit `variants`"), std::string::npos);
  EXPECT_NE(read_text(file_of("<tu><note>" + std::string(2000, 'n')), few).why.find("limit `unit`"), std::string::npos);
  EXPECT_NE(read_text(file_of("<tu tuid=\"" + std::string(400'000, 'n')), few).why.find("limit `token`"),
            std::string::npos);
}

TEST(tmx, code_pages_of_one_byte_are_read) {
  const reading r = read_text(
      "<?xml version=\"1.0\" encoding=\"windows-1251\"?><tmx version=\"1.4\"><body><tu><tuv "
      "xml:lang=\"ru\"><seg>\xcc\xe8\xf0</seg></tuv>"
      "<tuv xml:lang=\"en\"><seg>peace</seg></tuv></tu></body></tmx>");
  ASSERT_EQ(r.units.size(), 1u) << r.why;
  EXPECT_EQ(r.units[0].source.text, "Мир");
}

TEST(tmx, what_is_written_reads_back_the_same) {
  const fs::path folder = std::string(CALQUE_SOURCE_FOLDER) + "/../shared/corpus";
  if (!fs::exists(folder)) GTEST_SKIP() << "the corpus is not there, so no TMX of other programs was read";
  int files = 0;
  for (const char *below : {"tmx", "hostile/tmx"})
    for (const auto &entry : fs::recursive_directory_iterator(folder / below)) {
      if (entry.path().extension() != ".tmx") continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const reading first = read_text(std::string(std::istreambuf_iterator<char>(in), {}));
      ASSERT_EQ(first.refused, "") << entry.path() << first.why;
      const std::string once = write(first);
      const reading again = read_text(once);
      ASSERT_EQ(again.refused, "") << entry.path() << again.why;
      EXPECT_TRUE(again.account.remarks.empty()) << entry.path() << again.account.remarks.begin()->first;
      EXPECT_EQ(write(again), once) << entry.path();
      ++files;
    }
  EXPECT_GE(files, 30);
}

}  // namespace
}  // namespace calque::tm

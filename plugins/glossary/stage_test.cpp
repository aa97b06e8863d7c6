// SPDX-License-Identifier: Apache-2.0
// The glossary stage on whole documents and on real files.
#include <gtest/gtest.h>
#include <calque/testing.hpp>

#include <filesystem>
#include <fstream>

#include "plugins/glossary/glossary.hpp"

namespace fs = std::filesystem;
using calque::glossary::glossary;
using calque::testing::annotate;
using calque::testing::document;

namespace {

const fs::path corpus = fs::path(CALQUE_SOURCE_FOLDER) / "../shared/corpus";

/// A file that is there as long as the test.
class termbase_file {
 public:
  explicit termbase_file(std::string_view text, std::string_view name = "terms.csv")
      : folder_(fs::temp_directory_path() /
                ("calque-glossary-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()))) {
    fs::create_directories(folder_);
    std::ofstream(folder_ / name, std::ios::binary) << text;
    files_ = "[\"" + (folder_ / name).string() + "\"]";
  }
  ~termbase_file() { fs::remove_all(folder_); }
  calque::testing::settings with(calque::testing::settings more = {}) const {
    more.emplace_back("files", files_);
    return more;
  }

 private:
  fs::path folder_;
  std::string files_;
};

/// The marked text with | between, without values.
std::string marked(const calque::testing::outcome &r) {
  std::string out;
  if (r.documents.empty()) return "(failed) " + (r.diagnostics.empty() ? "" : r.diagnostics.front().code);
  const auto view = r.documents.front().view();
  for (const auto &a : view.annotations("calque.term/1"))
    out += (out.empty() ? "" : "|") + std::string(view.text(a.range()));
  return out;
}

std::string reported(const calque::testing::outcome &r) {
  std::string out;
  for (const auto &d : r.diagnostics) out += d.severity + " " + d.code + " ";
  return out;
}

}  // namespace

TEST(glossary_stage, marks_terms_across_inlines_and_soft_breaks_but_not_across_blocks) {
  const termbase_file terms("source,target\nforeign ministry,МИД\n");
  EXPECT_EQ(
      marked(annotate<glossary>(
          document::parse(
              "paragraph: The {emphasis Foreign}␣Ministry, for{strong eign mini}stry, foreign⏎ministry, the foreign\n"
              "paragraph: ministry.\nparagraph: foreign{anchor 1} ministry\naside note 1\n  paragraph: foreign "
              "ministry"),
          terms.with())),
      "Foreign Ministry|foreign ministry|foreign ministry|foreign ministry");
}

TEST(glossary_stage, passes_code_over) {
  const termbase_file terms("source,target\nport,x\n");
  EXPECT_EQ(marked(annotate<glossary>(document::parse("paragraph: port {code port} port"), terms.with())), "port|port");
}

TEST(glossary_stage, says_once_a_document_what_is_forbidden) {
  const termbase_file terms("source,target,status,concept\nPeking,北京,forbidden,c1\nBeijing,北京,preferred,c1\n");
  const auto r =
      annotate<glossary>(document::parse("paragraph: Peking, Beijing, Peking.\nparagraph: Peking"), terms.with());
  ASSERT_TRUE(r.ok);
  ASSERT_EQ(r.diagnostics.size(), 1u);
  EXPECT_EQ(r.diagnostics[0].severity, "warning");
  EXPECT_EQ(r.diagnostics[0].code, "glossary.forbidden-term");
  EXPECT_EQ(r.diagnostics[0].message,
            "the term \"Peking\" is forbidden by terms.csv, and stands here and in 2 other places");
  EXPECT_EQ(r.diagnostics[0].hint, "preferred instead: \"Beijing\"");
  EXPECT_EQ(marked(r), "Peking|Beijing|Peking|Peking");
}

TEST(glossary_stage, looks_for_one_language) {
  const termbase_file terms(
      "<martif type='TBX' xml:lang='en'><text><body><termEntry id='a'><langSet "
      "xml:lang='en'><tig><term>union</term></tig></langSet>"
      "<langSet xml:lang='ru'><tig><term>союз</term></tig></langSet></termEntry></body></text></martif>",
      "terms.tbx");
  const document text = document::parse("paragraph: A union is a союз.");
  EXPECT_EQ(marked(annotate<glossary>(text, terms.with())), "union|союз");
  EXPECT_EQ(marked(annotate<glossary>(text, terms.with({{"source_language", "\"ru\""}}))), "союз");
  EXPECT_EQ(marked(annotate<glossary>(text, terms.with({{"target_language", "\"ru\""}}))), "union")
      << "what is a target is no source";
  const auto both =
      annotate<glossary>(text, terms.with({{"source_language", "\"en\""}, {"target_language", "\"ru-RU\""}}));
  EXPECT_EQ(both.layer("calque.term/1"),
            "term \"union\" concept=a source=union target=союз lang=en termbase=terms.tbx\n");
  const auto none = annotate<glossary>(text, terms.with({{"source_language", "\"zh\""}}));
  EXPECT_TRUE(none.ok);
  EXPECT_EQ(reported(none), "warning glossary.no-terms ");
  EXPECT_EQ(none.diagnostics[0].hint, "the languages of its terms: en, ru");
  EXPECT_EQ(reported(annotate<glossary>(text, terms.with({{"source_language", "\"en GB\""}}))),
            "error glossary.language-tag ");
}

TEST(glossary_stage, warns_of_what_it_passes_over_by_file_and_line) {
  const termbase_file terms("source,target,status\nport,порт,good\n,пусто,\nport,порт,\nship\n" +
                            std::string(1001, 'x') + ",y,\n");
  const auto r = annotate<glossary>(document::parse("paragraph: port"), terms.with());
  EXPECT_EQ(
      reported(r),
      "warning glossary.doubled-term warning glossary.empty-term warning glossary.long-term warning glossary.short-row "
      "warning glossary.unknown-status ");
  EXPECT_NE(r.diagnostics[0].message.find("terms.csv:4: 1 term is there twice"), std::string::npos)
      << r.diagnostics[0].message;
  EXPECT_EQ(marked(r), "port");
}

TEST(glossary_stage, refuses_files_that_it_cannot_read) {
  for (const auto &[name, code] :
       {std::pair("laughs.tbx", "error glossary.expansion "),
        std::pair("duplicate-ids.tbx", "warning glossary.doubled-id warning glossary.empty-term ")}) {
    const fs::path file = corpus / "hostile/tbx" / name;
    if (!fs::exists(file)) GTEST_SKIP() << "the corpus has no hostile/tbx";
    EXPECT_EQ(reported(annotate<glossary>(document::parse("paragraph: x"), {{"files", "[\"" + file.string() + "\"]"}})),
              code);
  }
}

TEST(glossary_stage, reads_every_termbase_of_the_corpus) {
  if (!fs::exists(corpus / "tbx")) GTEST_SKIP() << "the corpus has no folder tbx";
  size_t files = 0;
  for (const auto &entry : fs::recursive_directory_iterator(corpus / "tbx")) {
    if (entry.path().extension() != ".tbx") continue;
    ++files;
    const auto r =
        annotate<glossary>(document::parse("paragraph: x"), {{"files", "[\"" + entry.path().string() + "\"]"}});
    EXPECT_TRUE(r.ok) << entry.path() << " " << reported(r);
  }
  EXPECT_GE(files, 6u);
  const auto r = annotate<glossary>(document::parse("paragraph: 从且末到喀什"),
                                    {{"files", "[\"" + (corpus / "tbx/places/places-xinjiang.tbx").string() + "\"]"},
                                     {"source_language", "\"zh\""},
                                     {"target_language", "\"en\""}});
  EXPECT_EQ(marked(r), "且末|喀什");
}

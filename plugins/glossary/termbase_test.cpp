// SPDX-License-Identifier: Apache-2.0
// What is read of TBX and tables, and what is refused of them, by file and line.
#include "plugins/glossary/termbase.hpp"

#include <gtest/gtest.h>

#include <random>

#include "plugins/glossary/languages.hpp"

using namespace calque::glossary;

namespace {

const termbase_options en_ru{"auto", "en", "ru", {}};

/// id, then its terms: "c1 en:treaty(preferred) ru:договор; …"; or the failure.
std::string read(std::string_view bytes, const std::string &file = "t", const termbase_options &options = en_ru) {
  findings found;
  try {
    std::string out;
    for (const termbase_entry &e : parse_termbase(bytes, file, options, found).entries) {
      out += (out.empty() ? "" : "; ") + e.id;
      for (const term &t : e.terms) {
        static constexpr const char *names[] = {"", "(preferred)", "(admitted)", "(forbidden)"};
        out += " " + t.language + ":" + t.form + names[static_cast<int>(t.status)];
        for (const std::string &note : t.notes) out += "[" + note + "]";
      }
      for (const auto &[language, text] : e.definitions) out += " {" + language + ":" + text + "}";
      for (const std::string &note : e.notes) out += " [" + note + "]";
    }
    return out;
  } catch (const calque::failure &error) {
    return std::string(calque::view(error.diagnostic().code)) + ": " + error.what();
  }
}

std::string martif(std::string_view body) {
  return "<?xml version=\"1.0\"?>\n<martif type=\"TBX\" xml:lang=\"en\"><text><body>\n" + std::string(body) +
         "</body></text></martif>";
}

}  // namespace

TEST(tbx, of_2019_is_read_in_both_styles) {
  EXPECT_EQ(
      read(R"(<?xml version="1.0"?><tbx style="dca" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">
    <text><body><conceptEntry id="c1"><descrip type="definition">An  agreement.</descrip><note>Old</note>
    <langSec xml:lang="en"><termSec><term>treaty</term><termNote type="administrativeStatus">preferredTerm-admn-sts</termNote>
    <note>law</note></termSec><termSec><term>pact</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote>
    </termSec></langSec><langSec xml:lang="ru"><termSec><term>договор</term></termSec></langSec></conceptEntry></body></text></tbx>)"),
      "c1 en:treaty(preferred)[law] en:pact(forbidden) ru:договор {:An agreement.} [Old]");
  EXPECT_EQ(read(R"(<tbx style="dct" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
    xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic"><text><body><conceptEntry id="c1">
    <langSec xml:lang="en"><basic:definition>An agreement.</basic:definition><termSec><term>treaty</term>
    <min:administrativeStatus>admittedTerm-admn-sts</min:administrativeStatus></termSec></langSec></conceptEntry></body></text></tbx>)"),
            "c1 en:treaty(admitted) {en:An agreement.}");
}

TEST(tbx, of_before_is_read) {
  EXPECT_EQ(read(martif("<termEntry id='a'><langSet xml:lang='ru'><ntig><termGrp><term>союз</term><termNote "
                        "type='administrativeStatus'>"
                        "supersededTerm-admn-sts</termNote></termGrp></ntig></langSet><langSet><tig><term>a "
                        "<hi>union</hi></term></tig>"
                        "</langSet></termEntry>")),
            "a ru:союз(forbidden) en:a union");
}

TEST(tbx, that_is_broken_says_where) {
  EXPECT_EQ(read("<martif>\n<text>\n</martif>", "t.tbx"),
            "glossary.not-well-formed: t.tbx: line 3, column 3: mismatched tag");
  EXPECT_EQ(read("<html/>", "t.tbx"),
            "glossary.unknown-format: t.tbx:1: the outermost element is <html>, which is no termbase");
  std::string deep = "<martif>\n";
  for (int k = 0; k < 900; ++k) deep += "<a>";
  EXPECT_EQ(read(deep, "t.tbx"),
            "glossary.too-deep: t.tbx:2: elements lie within each other deeper than 800 (limit `depth`)");
  EXPECT_EQ(read("", "t.tbx").substr(0, 14), "glossary.empty");
}

TEST(tables, have_columns_by_name) {
  EXPECT_EQ(read("Concept,Source,Target,Status,Note\nc1,treaty,договор,preferred,law\nc1,pact,договор,forbidden,\n"),
            "c1 en:treaty(preferred)[law] ru:договор en:pact(forbidden)");
  EXPECT_EQ(read("ru;en\nдоговор;treaty\n"), " en:treaty ru:договор");
  EXPECT_EQ(read("term\ntreaty\npact\n"), " en:treaty;  en:pact");
}

TEST(tables, without_names_are_source_target_note) {
  EXPECT_EQ(read("treaty\tдоговор\tlaw\npact\tпакт"), " en:treaty[law] ru:договор;  en:pact ru:пакт");
  EXPECT_EQ(read("treaty,договор\r\n\r\npact,договор\r"), " en:treaty ru:договор en:pact")
      << "one target is one concept";
}

TEST(tables, have_fields_in_quotes) {
  EXPECT_EQ(read("source,target,note\n\"a, b\",\"the \"\"c\"\"\",\"two\nlines\"\nx,y,"),
            " en:a, b[two lines] ru:the \"c\";  en:x ru:y");
  EXPECT_EQ(read("a,\"b\nb\"\nc,\"d\n\n", "t.csv"),
            "glossary.unclosed-quote: t.csv:3: a quotation mark opens here and never closes");
}

TEST(tables, are_decoded) {
  EXPECT_EQ(read("source,target\ntreaty,\xc4\xee\xe3\xee\xe2\xee\xf0\n", "t", {"windows-1251", "en", "ru", {}}),
            " en:treaty ru:Договор");
  EXPECT_EQ(read(std::string("\xff\xfe"
                             "a\0,\0b\0\n\0",
                             10)),
            " en:a ru:b");
  EXPECT_EQ(read("a,\xff\n", "t.csv", {"UTF-8", "en", "ru", {}}).substr(0, 31), "glossary.invalid-bytes: t.csv:1");
}

TEST(tables, that_are_none_are_refused) {
  EXPECT_EQ(read("Dear Sir\nno table", "letter.txt"),
            "glossary.unknown-format: letter.txt:1: this is neither TBX nor a table of terms");
}

TEST(limits, have_names) {
  termbase_options few = en_ru;
  few.within.terms = 1;
  EXPECT_EQ(read("a,b\nc,d\n", "t.csv", few), "glossary.too-large: t.csv:2: it has more than 1 rows (limit `terms`)");
}

TEST(termbases, that_are_damaged_are_read_or_refused) {
  const std::string sound[] = {
      martif(
          "<termEntry id='a'><langSet xml:lang='ru'><tig><term>союз</term><note>n</note></tig></langSet></termEntry>"),
      "source,target,status\n\"a, b\",\"c \"\"d\"\"\",preferred\nx;y\tz,,\r\n"};
  std::mt19937 random(3);
  for (int turn = 0; turn < 2000; ++turn) {
    std::string bytes = sound[turn % 2];
    for (unsigned k = 1 + random() % 4; k > 0 && !bytes.empty(); --k) {
      const size_t at = random() % bytes.size();
      static constexpr std::string_view put("\"<>&;,\t\n\r'/\0\xff", 13);
      if (random() % 3 == 0)
        bytes.erase(at, 1 + random() % 9);
      else
        bytes[at] = put[random() % put.size()];
    }
    const std::string said = read(bytes);
    EXPECT_TRUE(!said.starts_with("glossary.") || said.find(": t:") != std::string::npos) << said;
  }
}

TEST(statuses, are_known_by_many_words) {
  term_status status{};
  for (std::string_view word : {"Preferred", "preferredTerm", "preferredTerm-admn-sts", "standardizedTerm-admn-sts"}) {
    EXPECT_TRUE(read_status(word, status)) << word;
    EXPECT_EQ(status, term_status::preferred);
  }
  EXPECT_FALSE(read_status("good", status));
}

TEST(languages, are_compared_by_primary_language_and_script) {
  EXPECT_TRUE(is_language("en-GB", "en"));
  EXPECT_TRUE(is_language("EN", "en-US"));
  EXPECT_TRUE(is_language("eng", "en"));
  EXPECT_TRUE(is_language("zh_Hant_TW", "zh-Hant"));
  EXPECT_TRUE(is_language("zh", "zh-Hant"));
  EXPECT_FALSE(is_language("zh-Hans", "zh-Hant"));
  EXPECT_FALSE(is_language("", "en"));
  EXPECT_FALSE(is_language("ru", "rue"));
  EXPECT_TRUE(is_language_tag("sr-Latn-RS"));
  for (std::string_view none : {"-", "en-", "e--n", "русский", "en GB", "abcdefghi"})
    EXPECT_FALSE(is_language_tag(none)) << none;
}

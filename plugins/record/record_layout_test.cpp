// SPDX-License-Identifier: Apache-2.0
// Layouts of records: fields in every order, what is missing or blank, several records, and that all of it is tiled.
#include "plugins/record/record_layout.hpp"

#include "plugins/common/characters.hpp"
#include "plugins/common/decoding.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace calque::plugins {
namespace {

namespace fs = std::filesystem;

/// The steps as one line a field or block, and a check that they tile the text and skip no word but labels.
std::string shown(std::string_view text, const record_rules &rules = default_record_rules()) {
  std::string out;
  size_t at = 0;
  std::vector<step::kind> open;
  for (const step &s : read_record(text, rules).steps) {
    const std::string_view bytes = text.substr(s.begin, s.end - s.begin);
    switch (s.what) {
      case step::kind::field:
        out += std::string(s.key) + (s.label.empty() ? "" : "(" + std::string(s.label) + ")") + ": ";
        open.push_back(s.what);
        continue;
      case step::kind::heading:
      case step::kind::paragraph:
        if (!open.empty())
          out += "{";
        else
          out += s.what == step::kind::heading ? "# " : "- ";
        open.push_back(s.what);
        continue;
      case step::kind::strong:
        out += "<b>";
        open.push_back(s.what);
        continue;
      case step::kind::close:
        if (open.back() == step::kind::strong)
          out += "</b>";
        else
          out += open.size() > 1 ? "}" : "\n";
        open.pop_back();
        continue;
      case step::kind::page:
        out += "<page>";
        continue;
      case step::kind::next_part:
        out += "====\n";
        continue;
      case step::kind::text:
        out += bytes;
        break;
      case step::kind::soft_break:
        out += "/";
        break;
      case step::kind::skip:
        for (size_t k = 0; s.key != "record.label" && k < bytes.size();) {
          EXPECT_FALSE(is_word(next_character(bytes, k))) << s.key << ": " << bytes;
        }
        break;
    }
    EXPECT_EQ(s.begin, at);
    EXPECT_LT(s.begin, s.end);
    at = s.end;
  }
  EXPECT_EQ(at, text.size());
  EXPECT_TRUE(open.empty());
  return out;
}

constexpr std::string_view plain_record =
    "\n\nMay 5, 1957\n\n**Talk of Lin\nand Sokolsky**\n\nCitation:\n\n\"Talk\", Archive, "
    "12.\n\n<https://a.example/1>\n\n"
    "Summary:\n\nThey talk.\n\nCredits:\n\nA fund\n\nOriginal Language:\n\nChinese\n\nContents:\n\nTranslation - "
    "English\n\n"
    "[...]\n\nTalk of Lin and Sokolsky\n\nTime: 5 May\n\nLin: Good.\nYes.\n";
constexpr std::string_view plain_shown =
    "date: May 5, 1957\ntitle: Talk of Lin/and Sokolsky\nbibliographic_citation(Citation): \"Talk\", Archive, 12.\n"
    "identifier: https://a.example/1\nabstract(Summary): They talk.\ncalque.credits(Credits): A fund\n"
    "calque.original_language(Original Language): Chinese\ncalque.contents(Contents): Translation - English\n"
    "- [...]\n# Talk of Lin and Sokolsky\n- Time: 5 May\n- Lin: Good./Yes.\n";

std::string with_line_ends(std::string_view text, std::string_view end) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string(end) : std::string(1, c);
  return out;
}

TEST(record_layout, reads_head_and_text) {
  EXPECT_EQ(shown(plain_record), plain_shown);
}

TEST(record_layout, line_ends_and_blanks_make_no_difference) {
  for (const char *end : {"\r\n", "\r", " \t\n", "\xc2\x85", " \xc2\xa0\n"})
    EXPECT_EQ(shown(with_line_ends(plain_record, end)), plain_shown) << testing::PrintToString(std::string(end));
}

TEST(record_layout, looks_of_labels_make_no_difference) {
  EXPECT_EQ(shown("**T**\n\nCITATION:\n\nc\n\ncontents:\n\nText\n\nBody"),
            "title: T\nbibliographic_citation(CITATION): c\ncalque.contents(contents): Text\n- Body\n");
  EXPECT_EQ(
      shown("**T**\n\nCita\xc2\xadtion:\n\nc\n\nOriginal\xc2\xa0Language: Thai\n\nBody"),
      "title: T\nbibliographic_citation(Cita\xc2\xadtion): c\ncalque.original_language(Original\xc2\xa0Language): "
      "Thai\n- Body\n");
  EXPECT_EQ(shown("**T**\n\n**Citation:**\n\nc\n\n**Contents:** Translation\n\nBody"),
            "title: T\nbibliographic_citation(Citation): c\ncalque.contents(Contents): Translation\n- Body\n");
}

TEST(record_layout, fields_stand_in_any_order) {
  EXPECT_EQ(shown("**T**\n\nContents:\n\nTranslation - "
                  "English\n\nSummary:\n\nOne.\n\nTwo.\n\nCitation:\n\nc\n\n<https://a.b>\n\nT\n\nBody"),
            "title: T\ncalque.contents(Contents): Translation - English\nabstract(Summary): {One.}{Two.}\n"
            "bibliographic_citation(Citation): c\nidentifier: https://a.b\n# T\n- Body\n");
}

TEST(record_layout, label_and_value_may_share_a_line) {
  EXPECT_EQ(shown("1 May 1950\n\n**T**\n\nCitation: c\nhttps://a.b/c\nSummary: s\nContents: Translation\n\nDate: 5 "
                  "May\n\nLin: Yes."),
            "date: 1 May 1950\ntitle: T\nbibliographic_citation(Citation): c\nidentifier: https://a.b/c\n"
            "abstract(Summary): s\ncalque.contents(Contents): Translation\n- Date: 5 May\n- Lin: Yes.\n");
}

TEST(record_layout, fields_may_be_missing_repeated_or_blank) {
  EXPECT_EQ(shown("**T**\n\nSummary:\n\nCredits:\n\na\n\nCredits:\n\nb\n\nContents:\n\nT\n\nBody."),
            "title: T\nabstract(Summary): \ncalque.credits(Credits): a\ncalque.credits(Credits): b\n"
            "calque.contents(Contents): \n# T\n- Body.\n");
  EXPECT_EQ(shown("Citation:\n\nc\n\nContents:\n\nLin: A sentence of the text.\n"),
            "bibliographic_citation(Citation): c\ncalque.contents(Contents): \n- Lin: A sentence of the text.\n");
  EXPECT_EQ(shown("**T**\n\nOriginal Language:\n\nRussian\n\nT\n\nBody of it.\n\nMore."),
            "title: T\ncalque.original_language(Original Language): Russian\n# T\n- Body of it.\n- More.\n");
}

TEST(record_layout, unknown_labels_of_the_head_are_kept) {
  EXPECT_EQ(shown("**T**\n\nCitation:\n\nc\n\nShelf Mark:\n\nX 12\n\nContents:\n\nScan\n\nBody"),
            "title: T\nbibliographic_citation(Citation): c\ncalque.other(Shelf Mark): X 12\n"
            "calque.contents(Contents): Scan\n- Body\n");
}

TEST(record_layout, unknown_labels_may_share_a_line_where_others_do) {
  EXPECT_EQ(shown("**T**\n\nCitation: c\nShelf Mark: X 12\n\nBox:\n\n7\n\nContents: Scan\n\nBody"),
            "title: T\nbibliographic_citation(Citation): c\ncalque.other(Shelf Mark): X 12\ncalque.other(Box): 7\n"
            "calque.contents(Contents): Scan\n- Body\n");
}

TEST(record_layout, a_new_head_begins_another_record) {
  EXPECT_EQ(
      shown("May 5, "
            "1957\n\n**T**\n\nCitation:\n\nc\n\nContents:\n\nScan\n\nBody\n\n1958\n\n**U**\n\nCitation:"
            "\n\nd\n\nContents:\n\nScan\n\nOther"),
      "date: May 5, 1957\ntitle: T\nbibliographic_citation(Citation): c\ncalque.contents(Contents): Scan\n- Body\n"
      "====\ndate: 1958\ntitle: U\nbibliographic_citation(Citation): d\ncalque.contents(Contents): Scan\n- Other\n");
  // An address with the digits of a year, then a blank field, is no date and title.
  EXPECT_EQ(read_record("**T**\n\nCitation:\n\nc\n\n<https://a.b/1926>\n\nSummary:\n\nCredits:\n\nx\n\nLanguage:\n\n"
                        "Thai\n\nContents:\n\nScan\n\nBody",
                        default_record_rules())
                .parts.size(),
            1u);
  // Heads only, and a bold line of the text that is no title.
  EXPECT_EQ(shown("1957\n\n**T**\n\nCredits:\n\nc\n\n1958\n\n**U**\n\nCredits:\n\nd\n\nContents:\n\nScan\n\n**Bold**"
                  "\n\nLast: one"),
            "date: 1957\ntitle: T\ncalque.credits(Credits): c\n====\ndate: 1958\ntitle: U\ncalque.credits(Credits): d\n"
            "calque.contents(Contents): Scan\n- <b>Bold</b>\n- Last: one\n");
}

TEST(record_layout, bold_words_and_lone_marks) {
  EXPECT_EQ(shown("**T**\n\nContents:\n\nX\n\n**Lin:** yes **and\nno** ** 2 ** 3\n\n* * *"),
            "title: T\ncalque.contents(Contents): X\n- <b>Lin:</b> yes <b>and/no</b> ** 2 ** 3\n- * * *\n");
}

TEST(record_layout, form_feeds_become_pages) {
  EXPECT_EQ(shown("**T**\n\nContents:\n\nX\n\nOne goes\n\fon here.\n\n\fTwo."),
            "title: T\ncalque.contents(Contents): X\n- One goes\n- <page>on here.\n- <page>Two.\n");
}

TEST(record_layout, what_is_no_record_is_all_text) {
  EXPECT_EQ(shown("Dear Sir,\n\nI say this: no.\n\nYours\n"), "- Dear Sir,\n- I say this: no.\n- Yours\n");
  EXPECT_FALSE(read_record("Dear Sir,\n\nYours\n", default_record_rules()).parts.front().has_head);
  EXPECT_LT(record_likeness("Dear Sir,\n\nDate: today\n\nYours\n", default_record_rules()), 10);
  EXPECT_GE(record_likeness(plain_record, default_record_rules()), 80);
}

TEST(record_layout, another_site_is_described_by_rules) {
  const record_rules rules({"Fundort = source", "Inhalt = abstract", "Wortlaut = calque.contents"}, "==", "Wortlaut",
                           date_place::after_title);
  EXPECT_EQ(
      shown("==Gespräch==\n\n5. Mai 1957\n\nFundort:\n\nArchiv\n\nInhalt: kurz\n\nWortlaut:\n\nÜbersetzung\n\nLin: Ja.",
            rules),
      "title: Gespräch\ndate: 5. Mai 1957\nsource(Fundort): Archiv\nabstract(Inhalt): kurz\n"
      "calque.contents(Wortlaut): Übersetzung\n- Lin: Ja.\n");
  EXPECT_THROW(record_rules({"Fundort"}, "", "Fundort", date_place::any), std::invalid_argument);
}

TEST(record_layout, any_cut_of_a_record_is_tiled) {
  for (size_t n = 1; n <= plain_record.size(); ++n) {
    shown(plain_record.substr(0, n));
    shown(plain_record.substr(n - 1));
  }
}

TEST(record_layout, reads_the_variants_of_the_corpus_alike) {
  const char *given = std::getenv("CALQUE_CORPUS");
  const fs::path folder =
      (given != nullptr ? fs::path(given) : fs::path(CALQUE_SOURCE_FOLDER) / "../shared/corpus") / "records";
  if (!fs::exists(folder)) GTEST_SKIP() << "no corpus at " << folder << "; set CALQUE_CORPUS";
  auto read = [&](const std::string &name) {
    std::ifstream file(folder / name, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    return shown(std::string(decode(bytes, {}, "record").text()));
  };
  const std::string expected = read("frus-d63/frus1961-63v06-d63.record.txt");
  EXPECT_NE(expected.find("- N. Khrushchev[2]\n"), std::string::npos);
  for (const char *name : {"bom-utf8", "cp1252", "cr-only", "crlf", "trailing-spaces-tabs", "utf16le-bom"})
    EXPECT_EQ(read("variants/" + std::string(name) + ".txt"), expected) << name;
  const std::string two = read("variants/two-records.txt");
  EXPECT_EQ(two.substr(0, expected.size()), expected);
  EXPECT_EQ(two.substr(expected.size(), 28), "====\ndate: February 15, 1961");
  EXPECT_EQ(read("variants/header-only.txt"), expected.substr(0, expected.find("calque.contents")));
  const std::string body = expected.substr(expected.find("\n# ") + 1);
  for (const char *name : {"no-citation", "no-date", "field-names-upper", "fields-reordered"}) {
    const std::string other = read("variants/" + std::string(name) + ".txt");
    EXPECT_EQ(other.substr(other.find("\n# ") + 1), body) << name;
  }
}

}  // namespace
}  // namespace calque::plugins

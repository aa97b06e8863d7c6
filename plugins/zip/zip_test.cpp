// SPDX-License-Identifier: Apache-2.0
// Bundles through the real host: whose archives they are, what becomes of members, and hostile archives.
#include "zip.hpp"

#include <gtest/gtest.h>
#include <calque/testing.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "host/plugins/sample_archives.hpp"

namespace calque::plugins {
namespace {

namespace fs = std::filesystem;
using calque::testing::import;
using calque::testing::outcome;
using host::test::archive_maker;

/// Reads "notes": one paragraph. Fails at "bad".
struct notes : importer {
  static constexpr stage_info info{"test.notes", "1", "Notes", CALQUE_TILED};
  static constexpr auto codes = calque::codes(code("notes.bad", "Bad.", thing::text, effect::none, level::error));
  static int probe(const calque::probe &p) {
    return p.has_suffix(".note") ? 90 : p.media_type() == "text/plain" ? 50 : 0;
  }
  void run(const input &in, builder &out) const {
    const std::string_view all = in.bytes();
    if (all.starts_with("bad")) throw failure("notes.bad", "this is a bad note", source_range{0, 3});
    const scope paragraph = out.begin(kind::paragraph);
    out.text(all, {0, all.size()});
  }
};

outcome unpack(const archive_maker &made) {
  return import <zip_importer, notes>(made.bytes(), "box.zip");
}

std::string codes_of(const outcome &r) {
  std::string all;
  for (const auto &d : r.diagnostics) all += d.severity + " " + d.code + "\n";
  return all;
}

std::string texts_of(const outcome &r) {
  std::string all;
  for (const auto &d : r.documents) all += std::string(d.view().text()) + "\n";
  return all;
}

int score(std::string_view name, std::string_view type, std::string_view head,
          std::initializer_list<std::string_view> members) {
  std::vector<calque_str> names;
  for (const std::string_view one : members) names.push_back(str(one));
  const calque_probe raw{
      sizeof(calque_probe), static_cast<uint32_t>(names.size()), str(name), str(type), str(head), head.size(),
      names.data()};
  return zip_importer::probe(calque::probe(&raw));
}

TEST(zip, other_formats_that_are_archives_are_not_claimed) {
  const std::string_view head = "PK\x03\x04";
  EXPECT_EQ(score("a.zip", "application/zip", head, {"a.txt"}), 90);
  EXPECT_EQ(score("a", "", head, {"a.txt"}), 60);
  EXPECT_EQ(score("a.zip", "application/zip", "PK\x05\x06", {}), 90);
  EXPECT_EQ(score("a.zip", "application/zip", "#!/bin/sh\n", {"a.txt"}), 50) << "what unpacks itself";
  EXPECT_EQ(score("a.zip", "application/zip", head, {"mimetype", "content.xml"}), 0);
  EXPECT_EQ(score("a.zip", "application/zip", head, {"[Content_Types].xml"}), 0);
  EXPECT_EQ(score("a.zip", "application/zip", head, {"a", "META-INF/container.xml"}), 0);
  EXPECT_EQ(score("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", head, {"a"}), 0);
  EXPECT_EQ(score("a", "", "text", {}), 0);
}

TEST(zip, members_come_in_the_order_of_their_names) {
  const auto r = unpack(
      archive_maker().add("b/1.note", "three").add("a.note", "one").add("b.note", "two").add("\xC3\xA9.note", "four"));
  ASSERT_TRUE(r.ok) << codes_of(r);
  EXPECT_EQ(texts_of(r), "box.zipa.noteone\nbox.zipb.notetwo\nbox.zipb/1.notethree\nbox.zip\xC3\xA9.notefour\n");
}

TEST(zip, each_fate_of_a_member_has_a_code_and_is_counted) {
  host::test::sample_member secret;
  secret.name = "secret.note";
  secret.bytes = "hidden";
  secret.flags = 1;
  const auto r = unpack(archive_maker()
                            .add("a.note", "one")
                            .add("b.note", "bad")
                            .add("c.bin", std::string("\0\1", 2))
                            .add("d.PNG", "x")
                            .add("e.note", "")
                            .add("f/", "")
                            .add(".DS_Store", "x")
                            .add("__MACOSX/._a.note", "x")
                            .add("g/Thumbs.db", "x")
                            .add(secret));
  ASSERT_TRUE(r.ok) << codes_of(r);
  EXPECT_EQ(texts_of(r), "box.zipa.noteone\n");
  EXPECT_EQ(codes_of(r),
            "warning notes.bad\nwarning zip.member-refused\nwarning zip.member-not-read\nwarning "
            "zip.image-not-read\nwarning zip.encrypted\n");
  const auto counted = [&](const std::string &code, int count) {
    const size_t at = r.ledger.find("\"" + code + "\"");
    ASSERT_NE(at, std::string::npos) << code << r.ledger;
    EXPECT_NE(r.ledger.substr(at, 200).find("\"count\": " + std::to_string(count) + ","), std::string::npos)
        << r.ledger.substr(at, 200);
  };
  for (const char *one : {"zip.embedded", "zip.member-refused", "zip.member-not-read", "zip.image-not-read",
                          "zip.empty-member", "zip.encrypted"})
    counted(one, 1);
  counted("zip.system-file", 3);
}

TEST(zip, what_a_member_is_follows_from_its_name_as_for_files) {
  const auto r = unpack(archive_maker().add("A.TXT", "one"));
  ASSERT_TRUE(r.ok) << codes_of(r);
  EXPECT_NE(r.documents.at(0).dump().find("source 1 in 0 \"A.TXT\" type=text/plain"), std::string::npos)
      << r.documents[0].dump();
}

TEST(zip, bundles_in_bundles_keep_the_whole_way) {
  const std::string inner = archive_maker().add("deep.note", "at last").bytes();
  const auto r = unpack(archive_maker().add("in.zip", inner).add("a.note", "first"));
  ASSERT_TRUE(r.ok) << codes_of(r);
  EXPECT_EQ(texts_of(r), "box.zipa.notefirst\nbox.zipin.zipdeep.noteat last\n");
  EXPECT_NE(r.documents[1].dump().find("source 2 in 1 \"deep.note\""), std::string::npos) << r.documents[1].dump();
  std::string nested = archive_maker().add("deep.note", "at last").bytes();
  for (int k = 0; k < 20; ++k) nested = archive_maker().add("in.zip", nested).bytes();
  const auto deep = import <zip_importer, notes>(nested, "box.zip");
  EXPECT_FALSE(deep.ok);
  EXPECT_EQ(deep.diagnostics.at(0).message, "nesting of embedded members: 17 wanted, 16 granted");
}

TEST(zip, a_document_of_another_kind_within_a_bundle_is_not_taken_apart) {
  const std::string office = archive_maker().add("[Content_Types].xml", "x").add("word/a.note", "part of it").bytes();
  const auto r = unpack(archive_maker().add("letter.zip", office).add("a.note", "one"));
  ASSERT_TRUE(r.ok) << codes_of(r);
  EXPECT_EQ(texts_of(r), "box.zipa.noteone\n");
  EXPECT_EQ(codes_of(r), "warning zip.member-not-read\n");
}

TEST(zip, nothing_to_read_is_an_error_that_says_so) {
  EXPECT_EQ(codes_of(unpack(archive_maker())), "error zip.no-member\n");
  EXPECT_EQ(codes_of(unpack(archive_maker().add("a/", ""))), "error zip.no-member\n");
  const auto r = unpack(archive_maker().add("b.png", "x").add("a.css", "p{}"));
  EXPECT_FALSE(r.ok);
  EXPECT_EQ(codes_of(r), "warning zip.member-not-read\nwarning zip.image-not-read\nerror zip.no-document\n");
  EXPECT_EQ(r.diagnostics.back().message, "none of its files could be read; the first of 2 is \"a.css\"");
}

// Whatever they do: an answer, with a reason where it is no document.
TEST(zip, hostile_archives_of_the_corpus_have_terminal_statuses) {
  const char *given = std::getenv("CALQUE_CORPUS");
  const fs::path folder =
      (given ? fs::path(given) : fs::path(CALQUE_SOURCE_FOLDER) / "../shared/corpus") / "hostile/zip";
  if (!fs::exists(folder)) GTEST_SKIP() << "the corpus is not there: " << folder;
  const std::map<std::string, std::string> verdicts = {{"droste.zip", "document.limit"},
                                                       {"nested-bomb.zip", "zip.no-document"},
                                                       {"overlap-bomb.zip", "archive.overlapping"},
                                                       {"lying-size.docx", "document.limit"}};
  for (const auto &entry : fs::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {}), name = entry.path().filename().string();
    if (bytes.empty()) continue;
    const auto r = import <zip_importer, notes>(bytes, name);
    EXPECT_EQ(r.ok, !r.documents.empty()) << name;
    if (r.ok) continue;
    ASSERT_FALSE(r.diagnostics.empty()) << name;
    EXPECT_EQ(r.diagnostics.back().severity, "error") << name;
    const auto verdict = verdicts.find(name);
    if (verdict == verdicts.end()) continue;
    EXPECT_EQ(r.diagnostics.back().code, verdict->second) << name;
  }
}

}  // namespace
}  // namespace calque::plugins

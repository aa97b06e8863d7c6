// SPDX-License-Identifier: Apache-2.0
// What calque.archive/1 gives of sound archives, and what it says of each kind that is not.
#include "host/plugins/archive_service.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "host/document/document.hpp"
#include "host/document/random_document.hpp"
#include "host/plugins/sample_archives.hpp"

namespace calque::host {
namespace {

namespace fs = std::filesystem;
using test::archive_maker;
using test::sample_member;

/// A run that reads an archive.
struct reading {
  explicit reading(std::string bytes, const limits &within = {}, stop_flag *stop = nullptr)
      : bytes(std::move(bytes)), shared({"reader", &test::tiling_stage()}, within, stop, out), service(shared, this->bytes) {
    status = service.abi()->open(service.abi(), &archive);
  }
  calque_status read(std::uint32_t member) {
    calque_str got{nullptr, 0};
    status = archive->read(archive, member, &got);
    content = to_view(got);
    return status;
  }
  /// The names, one a line; or the code and message of what went wrong.
  std::string listed() const {
    if (status != CALQUE_OK) return problem();
    std::string all;
    for (std::uint32_t k = 0; k < archive->member_count; ++k) all += std::string(to_view(archive->members[k]->name)) + "\n";
    return all;
  }
  std::string problem() const { return shared.failed() ? shared.failure().code + " " + shared.failure().message : "none"; }
  std::string warnings() const {
    std::string all;
    for (const diagnostic &d : out.all())
      if (d.level == severity::warning) all += d.code + " " + d.message + "\n";
    return all;
  }

  std::string bytes;
  diagnostics out;
  boundary shared;
  archive_service service;
  const calque_archive *archive = nullptr;
  calque_status status = CALQUE_OK;
  std::string_view content;
};

/// Opens and reads the first member: what went wrong.
std::string problem_of(const archive_maker &made, const limits &within = {}) {
  reading r(made.bytes(), within);
  if (r.status == CALQUE_OK) r.read(0);
  return r.problem();
}

sample_member named(std::string name, std::string bytes = "x") {
  sample_member one;
  one.name = std::move(name);
  one.bytes = std::move(bytes);
  return one;
}

TEST(archive, members_are_listed_and_read) {
  reading r(archive_maker().add("mimetype", "text").add("a/", "").add("a/b.xml", std::string(5000, 'b'), true).bytes());
  EXPECT_EQ(r.listed(), "mimetype\na/b.xml\n");
  EXPECT_EQ(r.archive->members[1]->size, 5000u);
  EXPECT_LT(r.archive->members[1]->packed_size, 100u);
  EXPECT_EQ(r.read(1), CALQUE_OK);
  EXPECT_EQ(r.content, std::string(5000, 'b'));
  const char *held = r.content.data();
  EXPECT_EQ(r.read(1), CALQUE_OK);
  EXPECT_EQ(r.content.data(), held) << "what is held is not unpacked again";
  EXPECT_EQ(r.archive->release(r.archive, 1), CALQUE_OK);
  EXPECT_EQ(r.archive->release(r.archive, 1), CALQUE_OK);
  EXPECT_EQ(r.archive->release(r.archive, 1), CALQUE_MISUSE);
  EXPECT_EQ(r.problem(), "plugin.misuse archive.release: member 1 is not held");
}

TEST(archive, names_are_decoded_as_the_archive_says_or_as_is_usual) {
  sample_member said = named("\xD0\xB0.txt");
  said.is_utf8 = true;
  reading r(archive_maker().add(said).add(named("\xD0\xB1.txt")).add(named("caf\x82.txt")).bytes());
  EXPECT_EQ(r.listed(), "а.txt\nб.txt\ncafé.txt\n");
}

TEST(archive, names_that_lead_elsewhere_are_refused_one_by_one) {
  const std::pair<std::string, std::string_view> names[] = {
      {"../a", "climbs out of the archive"}, {"a/../../b", "climbs out of the archive"}, {"/etc/passwd", "is absolute"},
      {"a\\b", "holds a backslash"},         {"C:/a", "names a drive"},                  {"a\x01", "holds control characters"},
      {"a//b", "has an empty step"},         {std::string("a\0b", 3), "holds a NUL"},    {"", "is empty"}};
  for (const auto &[name, why] : names) {
    reading r(archive_maker().add(named("sound")).add(named(name)).bytes());
    EXPECT_EQ(r.listed(), "sound\n") << name;
    EXPECT_NE(r.warnings().find("archive.refused-name"), std::string::npos) << name;
    EXPECT_NE(r.warnings().find(why), std::string::npos) << r.warnings();
  }
}

TEST(archive, links_and_devices_are_refused) {
  for (const mode_t kind : {S_IFLNK, S_IFCHR, S_IFIFO}) {
    sample_member link = named("link", "/etc/passwd");
    link.attributes = (static_cast<std::uint32_t>(kind) | 0777u) << 16;
    reading r(archive_maker().add(named("sound")).add(link).bytes());
    EXPECT_EQ(r.listed(), "sound\n");
    EXPECT_EQ(r.warnings(), "archive.link the member \"link\" is a link or a device; it is not read\n");
  }
}

TEST(archive, two_of_one_name_are_refused_and_of_one_but_for_case_are_named) {
  EXPECT_EQ(problem_of(archive_maker().add("a", "1").add("b", "2").add("a", "3")),
            "archive.duplicate-name two members have the name \"a\"");
  reading r(archive_maker().add("Straßen", "1").add("STRAßEN", "2").add("d/", "").add("d/", "").bytes());
  EXPECT_EQ(r.listed(), "Straßen\nSTRAßEN\n");
  EXPECT_EQ(r.warnings(),
            "archive.case-collision the names of the members \"Straßen\" and \"STRAßEN\" differ in case only\n");
}

TEST(archive, what_is_said_of_members_is_not_believed) {
  const std::string text(5000, 't');
  sample_member more = named("m", text);
  more.is_deflated = true;
  more.said_size = 100;
  EXPECT_EQ(problem_of(archive_maker().add(more)), "archive.damaged the member \"m\" holds more than the 100 bytes that the directory says");
  sample_member less = more;
  less.said_size = 6000;
  EXPECT_EQ(problem_of(archive_maker().add(less)).substr(0, 15), "archive.damaged");
  sample_member huge = more;
  huge.said_size = 0xfffffffe;
  EXPECT_EQ(problem_of(archive_maker().add(huge)),
            "document.limit bytes of the member \"m\" (archive_member): 4294967294 wanted, 536870912 granted");
  sample_member sum = more;
  sum.said_size = UINT64_MAX;
  sum.said_sum = 7;
  EXPECT_EQ(problem_of(archive_maker().add(sum)), "archive.damaged the bytes of the member \"m\" are not those that were packed");
  sample_member other = named("a");
  other.name_in_head = "b";
  EXPECT_EQ(problem_of(archive_maker().add(other)),
            "archive.damaged the member \"a\" has another name at its own place, \"b\"");
}

TEST(archive, members_that_share_bytes_are_refused) {
  archive_maker made;
  made.add("0", std::string(100'000, '0'), true);
  sample_member again = named("0");
  again.shares_head_of = 0;
  made.add(again);
  EXPECT_EQ(problem_of(made), "archive.overlapping the members \"0\" and \"0\" share bytes");
  // One within the bytes of another, as in archives that are packed to unpack to far more than they hold.
  const std::string inner = archive_maker().add("in", "x").bytes();
  std::string bytes = archive_maker().add("out", inner).add("in", "x").bytes();
  const std::size_t second = bytes.rfind("PK\x01\x02");
  bytes[second + 42] = 33;  // the head of "in" within the bytes of "out"
  EXPECT_EQ(reading(bytes).problem(), "archive.overlapping the members \"out\" and \"in\" share bytes");
}

TEST(archive, encrypted_members_and_unknown_methods_fail_when_read) {
  sample_member secret = named("s");
  secret.flags = 1;
  reading r(archive_maker().add(secret).bytes());
  ASSERT_EQ(r.listed(), "s\n");
  EXPECT_EQ(r.archive->members[0]->flags, std::uint32_t{CALQUE_MEMBER_ENCRYPTED});
  EXPECT_EQ(r.read(0), CALQUE_FAILED);
  EXPECT_EQ(r.problem(), "archive.encrypted the member \"s\" is encrypted");
  sample_member odd = named("o");
  odd.method = 98;
  EXPECT_EQ(problem_of(archive_maker().add(odd)).substr(0, 22), "archive.unknown-method");
}

TEST(archive, limits_have_their_names_in_what_is_said) {
  limits few;
  few.max_archive_members = 2;
  EXPECT_EQ(problem_of(archive_maker().add("a", "").add("b", "").add("c", ""), few),
            "document.limit members of an archive (archive_members): 3 wanted, 2 granted");
  few = {};
  few.max_archive_total = 5;
  reading r(archive_maker().add("a", "123").add("b", "456").bytes(), few);
  EXPECT_EQ(r.read(0), CALQUE_OK);
  EXPECT_EQ(r.read(1), CALQUE_LIMIT);
  EXPECT_EQ(r.problem(),
            "document.limit bytes unpacked in all, with the member \"b\" (archive_total): 6 wanted, 5 granted");
  EXPECT_TRUE(problem_of(archive_maker().add("zeros", std::string(3 << 20, '\0'), true))
                  .starts_with("document.limit bytes from each packed byte of the member \"zeros\" (archive_ratio):"));
  EXPECT_EQ(problem_of(archive_maker().add("zeros", std::string(1 << 20, '\0'), true)), "none") << "small harms nobody";
}

TEST(archive, a_hundred_thousand_members_are_listed_at_once) {
  archive_maker made;
  for (int k = 0; k < 100'000; ++k) made.add(std::to_string(k), "");
  const std::string bytes = made.bytes();
  const auto began = std::chrono::steady_clock::now();
  reading r(bytes);
  EXPECT_EQ(r.archive->member_count, 100'000u);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
  EXPECT_EQ(reading(archive_maker().say_count(100'001).add("a", "").bytes()).problem(),
            "document.limit members of an archive (archive_members): 100001 wanted, 100000 granted");
}

TEST(archive, archives_in_archives_have_a_depth) {
  std::string bytes = archive_maker().add("text", "at last").bytes();
  for (int k = 0; k < 5; ++k) bytes = archive_maker().add("in.zip", bytes, true).bytes();
  reading r(bytes);
  const calque_archive_service *service = r.service.abi();
  const calque_archive *inner = r.archive;
  for (int k = 0; k < 3; ++k) ASSERT_EQ(service->open_member(service, inner, 0, &inner), CALQUE_OK);
  EXPECT_EQ(service->open_member(service, inner, 0, &inner), CALQUE_LIMIT);
  EXPECT_EQ(r.problem(), "document.limit archives in each other (archive_depth): 5 wanted, 4 granted");
}

TEST(archive, an_inner_archive_keeps_its_bytes) {
  reading r(archive_maker().add("in.zip", archive_maker().add("a", "deep").bytes()).bytes());
  const calque_archive_service *service = r.service.abi();
  const calque_archive *inner = nullptr;
  ASSERT_EQ(service->open_member(service, r.archive, 0, &inner), CALQUE_OK);
  calque_str bytes{nullptr, 0};
  ASSERT_EQ(r.read(0), CALQUE_OK);
  ASSERT_EQ(r.archive->release(r.archive, 0), CALQUE_OK);
  ASSERT_EQ(inner->read(inner, 0, &bytes), CALQUE_OK);
  EXPECT_EQ(to_view(bytes), "deep");
  EXPECT_EQ(r.archive->release(r.archive, 0), CALQUE_MISUSE) << "what is left belongs to the inner archive";
}

TEST(archive, junk_around_it_does_no_harm_and_64_bit_numbers_are_read) {
  const archive_maker made = archive_maker().add("a", "1").add("b", "2", true);
  reading r("#!/bin/sh\n" + made.bytes() + std::string(300, '\0'));
  EXPECT_EQ(r.listed(), "a\nb\n");
  EXPECT_EQ(r.read(1), CALQUE_OK);
  EXPECT_EQ(r.content, "2");
  reading big(archive_maker(made).use_zip64().bytes());
  EXPECT_EQ(big.listed(), "a\nb\n");
  EXPECT_EQ(big.read(1), CALQUE_OK);
  EXPECT_EQ(big.content, "2");
}

// Whatever is cut off or changed: an answer, and never one that reads outside (the sanitizers would say so).
TEST(archive, damage_anywhere_is_named) {
  const std::string sound = archive_maker().add("mimetype", "text").add("b", std::string(200, 'b'), true).use_zip64().bytes();
  for (std::size_t size = 0; size < sound.size(); ++size) {
    const std::string problem = reading(sound.substr(0, size)).problem();
    EXPECT_EQ(problem.substr(0, 16), "archive.damaged ") << "cut to " << size << ": " << problem;
  }
  for (std::size_t at = 0; at < sound.size(); ++at)
    for (const int change : {0x01, 0x80, 0xff}) {
      std::string bytes = sound;
      bytes[at] = static_cast<char>(bytes[at] ^ change);
      reading r(bytes);
      for (std::uint32_t k = 0; r.status == CALQUE_OK && k < r.archive->member_count; ++k) r.read(k);
      EXPECT_TRUE(r.status == CALQUE_OK || !r.shared.failure().hint.empty()) << r.problem();
    }
  EXPECT_EQ(reading(archive_maker().say_count(3).add("a", "").bytes()).problem(),
            "archive.damaged the directory ends after 1 of 3 members");
  EXPECT_EQ(reading(archive_maker().say_count(UINT64_MAX - 1).use_zip64().add("a", "").bytes()).problem(),
            "document.limit members of an archive (archive_members): 18446744073709551614 wanted, 100000 granted");
  EXPECT_EQ(reading("").problem(), "archive.damaged this is no ZIP archive");
}

TEST(archive, reading_stops_when_the_run_is_stopped) {
  stop_flag stop;
  reading r(archive_maker().add("a", std::string(2 << 20, 'a')).bytes(), {}, &stop);
  stop.stop_at_call(3);
  EXPECT_EQ(r.read(0), CALQUE_CANCELLED);
  EXPECT_EQ(r.status, r.shared.status());
}

TEST(archive, probes_see_names_or_nothing) {
  EXPECT_EQ(names_in_archive(archive_maker().add("a", "").add("b/c", "").bytes(), {}),
            (std::vector<std::string>{"a", "b/c"}));
  EXPECT_TRUE(names_in_archive("PK", {}).empty());
  EXPECT_TRUE(names_in_archive("text", {}).empty());
}

TEST(archive, hostile_archives_of_the_corpus_have_their_verdicts) {
  const char *given = std::getenv("CALQUE_CORPUS");
  const fs::path folder = (given ? fs::path(given) : fs::path(CALQUE_SOURCE_FOLDER) / "../shared/corpus") / "hostile/zip";
  if (!fs::exists(folder)) GTEST_SKIP() << "the corpus is not there: " << folder;
  const std::map<std::string, std::string> verdicts = {
      {"attribute-100mb.docx", "document.limit"}, {"bad-crc.docx", "archive.damaged"}, {"document-60mb.docx", "none"},
      {"droste.zip", "none"}, {"duplicate-document.docx", "archive.duplicate-name"}, {"empty-zip.odt", "none"},
      {"empty.docx", "archive.damaged"}, {"encrypted-flag.docx", "archive.encrypted"}, {"gzip-named.docx", "archive.damaged"},
      {"html-named.docx", "archive.damaged"}, {"leading-junk.docx", "none"}, {"lying-size.docx", "document.limit"},
      {"method-99.docx", "archive.unknown-method"}, {"nested-bomb.zip", "none"}, {"overlap-bomb.zip", "archive.overlapping"},
      {"slip-absolute.docx", "archive.refused-name"}, {"slip-backslash.docx", "archive.refused-name"},
      {"slip-dotdot.docx", "archive.refused-name"}, {"slip-drive.docx", "archive.refused-name"},
      {"slip-media.docx", "archive.refused-name"}, {"spaces-200mb.odt", "document.limit"}, {"symlink.docx", "archive.link"},
      {"testZipEncrypted.zip", "archive.encrypted"}, {"trailing-junk.docx", "none"}, {"truncated-50.docx", "archive.damaged"},
      {"truncated-last-byte.docx", "archive.damaged"}};
  for (const auto &[name, verdict] : verdicts) {
    std::ifstream file(folder / name, std::ios::binary);
    reading r(std::string(std::istreambuf_iterator<char>(file), {}));
    for (std::uint32_t k = 0; r.status == CALQUE_OK && k < r.archive->member_count; ++k)
      if (r.read(k) == CALQUE_OK) r.archive->release(r.archive, k);
    EXPECT_EQ(r.out.all().empty() ? "none" : r.out.all()[0].code, verdict) << name << ": " << r.problem();
  }
}

}  // namespace
}  // namespace calque::host

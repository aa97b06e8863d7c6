// SPDX-License-Identifier: Apache-2.0
// Bags are judged by a checker that follows the RFC and shares no code with us, and by sha256sum.
#include "host/records/bag.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "host/records/command_output.hpp"
#include "host/document/document.hpp"
#include "host/pipeline/scratch_folder.hpp"

namespace calque::host {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> nasty_names = {
    "a.xml",          "with space.xml", " leading and trailing ", "50%.xml",         "%0A is no line end.xml",
    "two\nlines.xml", "return\r.xml",   "1962/谈话记录.xml",      "cafe\u0301.html", "caf\u00e9.html",
    "*star",          "\u2028line.txt", "deep/er/and/deeper.txt", "'quote\".xml"};

class bag_test : public testing::Test {
 protected:
  void SetUp() override { unsetenv("SOURCE_DATE_EPOCH"); }

  /// Puts a file into the payload and returns its entry.
  bag_entry add(const std::string &path, const std::string &bytes) const {
    folder.write("data/" + path, bytes);
    return {path, bytes.size(), to_hex(sha256_of(bytes))};
  }
  std::vector<bag_entry> add_nasty_names() const {
    std::vector<bag_entry> entries;
    for (const std::string &name : nasty_names) entries.push_back(add(name, "the content of " + name));
    return entries;
  }
  command_output check() const {
    return output_of("python3 " CALQUE_SOURCE_FOLDER "/tests/validators/check_bag.py " + shell_word(folder.path()));
  }
  void expect_fault(std::string_view kind) const {
    const command_output found = check();
    EXPECT_EQ(found.exit_code, 1);
    EXPECT_NE(found.text.find(kind), std::string::npos) << found.text;
  }

  const scratch_folder folder;
  const bag_info info{"calque 0.1.0", "", "Records of conversation", "2026-03-01"};
};

TEST_F(bag_test, every_name_that_a_folder_can_have) {
  const std::vector<bag_entry> entries = add_nasty_names();
  ASSERT_TRUE(write_bag(folder.path(), entries, info));
  const command_output found = check();
  EXPECT_EQ(found.exit_code, 0) << found.text;
  EXPECT_EQ(found.text.rfind(std::to_string(entries.size()) + " files, ", 0), 0u) << found.text;
  EXPECT_NE(folder.read("manifest-sha256.txt").find("  data/two%0Alines.xml\n"), std::string::npos);
}

TEST_F(bag_test, sha256sum_agrees) {
  const std::vector<bag_entry> entries = {add("a.xml", "<a/>"), add("b/谈话 1.txt", "text\n")};
  ASSERT_TRUE(write_bag(folder.path(), entries, info));
  const command_output found = output_of("cd " + shell_word(folder.path()) +
                                         " && sha256sum --strict -c manifest-sha256.txt tagmanifest-sha256.txt");
  EXPECT_EQ(found.exit_code, 0) << found.text;
}

TEST_F(bag_test, damage_is_found) {
  const std::vector<bag_entry> entries = add_nasty_names();
  ASSERT_TRUE(write_bag(folder.path(), entries, info));
  const std::string whole = folder.read("data/a.xml");

  folder.write("data/a.xml", "The" + whole.substr(3));  // of the same size
  expect_fault("checksum-mismatch: b'data/a.xml'");
  fs::remove(folder.path("data/a.xml"));
  expect_fault("file-missing: b'data/a.xml'");
  folder.write("data/a.xml", whole);
  folder.write("data/more.xml", "");
  expect_fault("unexpected-file: b'data/more.xml'");
  expect_fault("oxum");
  fs::remove(folder.path("data/more.xml"));
  EXPECT_EQ(check().exit_code, 0);
  folder.write("bag-info.txt", folder.read("bag-info.txt") + "Contact-Name: nobody\n");
  expect_fault("checksum-mismatch: b'bag-info.txt'");
}

TEST_F(bag_test, same_editions_same_bytes) {
  std::vector<bag_entry> entries = add_nasty_names();
  ASSERT_TRUE(write_bag(folder.path(), entries, info));
  const std::string manifest = folder.read("manifest-sha256.txt"), tags = folder.read("tagmanifest-sha256.txt");
  std::reverse(entries.begin(), entries.end());
  ASSERT_TRUE(write_bag(folder.path(), entries, info));
  EXPECT_EQ(folder.read("manifest-sha256.txt"), manifest);
  EXPECT_EQ(folder.read("tagmanifest-sha256.txt"), tags);
}

TEST_F(bag_test, says_only_what_is_known) {
  const std::vector<bag_entry> entries = {add("a.xml", "<a/>"), add("b.xml", "<bb/>")};
  ASSERT_TRUE(write_bag(folder.path(), entries, {}));
  EXPECT_EQ(folder.read("bag-info.txt"), "Payload-Oxum: 9.2\n");
  ASSERT_TRUE(write_bag(folder.path(), entries, {"calque 0.1.0", "Archive", "two\r\nlines: x", "2026-03-01"}));
  EXPECT_EQ(folder.read("bag-info.txt"),
            "Source-Organization: Archive\nExternal-Description: two  lines: x\nBagging-Date: 2026-03-01\n"
            "Payload-Oxum: 9.2\nBag-Software-Agent: calque 0.1.0\n");
}

TEST_F(bag_test, the_date_is_never_the_clocks) {
  const auto date_with = [&](const char *epoch) {
    setenv("SOURCE_DATE_EPOCH", epoch, 1);
    EXPECT_TRUE(write_bag(folder.path(), {}, {}));
    unsetenv("SOURCE_DATE_EPOCH");
    return folder.read("bag-info.txt");
  };
  EXPECT_EQ(date_with("951782400"), "Bagging-Date: 2000-02-29\nPayload-Oxum: 0.0\n");
  for (const char *no_date : {"", "yesterday", "12x", "-1", "99999999999999", "999999999999999999999999"})
    EXPECT_EQ(date_with(no_date), "Payload-Oxum: 0.0\n") << no_date;
}

TEST_F(bag_test, a_bag_of_nothing_is_a_bag) {
  ASSERT_TRUE(write_bag(folder.path(), {}, info));
  EXPECT_EQ(check().exit_code, 0) << check().text;
}

TEST_F(bag_test, names_that_no_bag_holds) {
  for (const char *name : {"", "/etc/passwd", "a/../b", "..", "a//b", "a/", "./a", "latin\xE9.txt"}) {
    const bag_entry entry{name, 0, std::string(64, '0')};
    const auto written = write_bag(folder.path(), {&entry, 1}, info);
    ASSERT_FALSE(written) << name;
    EXPECT_EQ(written.error().code, "output.bad-name");
  }
  const std::vector<bag_entry> twice(2, bag_entry{"a.xml", 0, std::string(64, '0')});
  EXPECT_EQ(write_bag(folder.path(), twice, info).error().code, "output.duplicate");
  EXPECT_TRUE(folder.list().empty());
}

TEST_F(bag_test, no_link_is_followed) {
  const std::string outside = folder.write("outside.txt", "mine");
  fs::create_directory(folder.path("bag"));
  fs::create_symlink(outside, folder.path("bag/manifest-sha256.txt"));
  fs::create_symlink(outside, folder.path("bag/.manifest-sha256.txt.new"));
  ASSERT_TRUE(write_bag(folder.path("bag"), {}, info));
  EXPECT_EQ(folder.read("outside.txt"), "mine");
  EXPECT_FALSE(fs::is_symlink(folder.path("bag/manifest-sha256.txt")));

  fs::create_directory(folder.path("other"));
  fs::create_directory(folder.path("linked"));
  fs::create_directory_symlink(folder.path("other"), folder.path("linked/data"));
  EXPECT_EQ(write_bag(folder.path("linked"), {}, info).error().code, "output.symlink");
  EXPECT_EQ(write_bag(folder.path("nowhere"), {}, info).error().code, "output.cannot-create");
}

TEST_F(bag_test, a_full_disk_leaves_the_bag_as_it_was) {
  std::vector<bag_entry> entries = {add("a.xml", "<a/>")};
  ASSERT_TRUE(write_bag(folder.path(), entries, info));
  const std::vector<std::string> before = folder.list();
  for (int k = 0; k < 100; ++k) entries.push_back({"more/" + std::to_string(k), 1, std::string(64, '0')});

  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  const rlimit small{2000, limit.rlim_max};
  signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  const auto written = write_bag(folder.path(), entries, info);
  setrlimit(RLIMIT_FSIZE, &limit);
  signal(SIGXFSZ, SIG_DFL);

  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, "output.disk-full");
  EXPECT_EQ(folder.list(), before);
  EXPECT_EQ(check().exit_code, 0) << check().text;
}

}  // namespace
}  // namespace calque::host

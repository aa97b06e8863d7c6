// SPDX-License-Identifier: Apache-2.0
// All outputs or none: each way in which writing can fail leaves the folder as it was.
#include "host/pipeline/publish.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/pipeline/scratch_folder.hpp"

namespace calque::host {
namespace {

using names = std::vector<std::string>;

std::string code_of(const std::string &folder, std::vector<file_to_publish> files) {
  auto published = publish(folder, files);
  return published.has_value() ? "ok" : published.error().code;
}

TEST(publish, puts_all_files_in_place_and_leaves_nothing_else) {
  scratch_folder folder;
  folder.write("a.txt", "old");
  EXPECT_EQ(code_of(folder.path(), {{"a.txt", "new"}, {"x/y/b.txt", "b"}, {"empty.txt", ""}}), "ok");
  EXPECT_EQ(folder.list(), (names{"a.txt", "empty.txt", "x/", "x/y/", "x/y/b.txt"}));
  EXPECT_EQ(folder.read("a.txt"), "new");
  EXPECT_EQ(folder.read("x/y/b.txt"), "b");
}

TEST(publish, makes_the_folder) {
  scratch_folder folder;
  EXPECT_EQ(code_of(folder.path("p/q"), {{"a", "1"}}), "ok");
  EXPECT_EQ(folder.list(), (names{"p/", "p/q/", "p/q/a"}));
}

TEST(publish, bad_names_are_refused_before_anything_is_made) {
  scratch_folder folder;
  for (const char *name : {"", "/a", "../a", "x/../a", "x//a", "x/", ".", "a\nb", ".calque/a"})
    EXPECT_EQ(code_of(folder.path("new"), {{"fine", "1"}, {name, "1"}}), "output.bad-name") << name;
  EXPECT_EQ(code_of(folder.path("new"), {{"x/a", "1"}, {"x/A", "2"}}), "output.duplicate");
  EXPECT_EQ(folder.list(), names{});
}

TEST(publish, a_folder_in_the_way_undoes_all) {
  scratch_folder folder;
  folder.write("b/c", "x");
  folder.write("a", "old");
  EXPECT_EQ(code_of(folder.path(), {{"a", "new"}, {"n/m", "new"}, {"b", "new"}}), "output.not-a-file");
  EXPECT_EQ(folder.list(), (names{"a", "b/", "b/c"}));
  EXPECT_EQ(folder.read("a"), "old");
}

TEST(publish, a_file_where_a_folder_is_needed_undoes_all) {
  scratch_folder folder;
  folder.write("b", "x");
  EXPECT_EQ(code_of(folder.path(), {{"n/a", "new"}, {"b/c", "new"}}), "output.cannot-create");
  EXPECT_EQ(code_of(folder.path("b/q"), {{"a", "new"}}), "output.cannot-create");
  EXPECT_EQ(folder.list(), names{"b"});
}

TEST(publish, no_link_is_followed) {
  scratch_folder folder;
  folder.write("outside/kept", "x");
  std::filesystem::create_directory(folder.path("out"));
  std::filesystem::create_directory_symlink("../outside", folder.path("out/sub"));
  std::filesystem::create_symlink("../outside/kept", folder.path("out/file"));
  EXPECT_EQ(code_of(folder.path("out"), {{"sub/a", "new"}}), "output.symlink");
  EXPECT_EQ(code_of(folder.path("out"), {{"file", "new"}}), "ok"); // the link is replaced, not what it leads to
  EXPECT_EQ(folder.read("outside/kept"), "x");
  EXPECT_EQ(folder.read("out/file"), "new");
  std::filesystem::create_directory_symlink("../outside", folder.path("out/.calque"));
  EXPECT_NE(code_of(folder.path("out"), {{"b", "new"}}), "ok");
  EXPECT_EQ(folder.list(), (names{"out/", "out/.calque", "out/file", "out/sub", "outside/", "outside/kept"}));
}

TEST(publish, devices_and_pipes_are_not_replaced) {
  scratch_folder folder;
  ASSERT_EQ(mkfifo(folder.path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(code_of(folder.path(), {{"a", "1"}, {"pipe", "1"}}), "output.not-a-file");
  EXPECT_EQ(folder.list(), names{"pipe"});
}

TEST(publish, a_write_that_fails_leaves_nothing) {
  scratch_folder folder;
  folder.write("a", "old");
  // A full disk, in small: no file may grow beyond 64 KiB.
  signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit tiny{65536, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &tiny);
  const std::string big(100'000, 'x');
  const std::string code = code_of(folder.path(), {{"a", "new"}, {"n/b", big}});
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(code, "output.disk-full");
  EXPECT_EQ(folder.list(), names{"a"});
  EXPECT_EQ(folder.read("a"), "old");
}

TEST(publish, a_folder_without_rights_is_said) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere; tests/cli drops its rights for this";
  scratch_folder folder;
  std::filesystem::create_directory(folder.path("out"));
  chmod(folder.path("out").c_str(), 0500);
  EXPECT_EQ(code_of(folder.path("out"), {{"a", "1"}}), "output.permission");
}

}  // namespace
}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// The output folder: no step through a link or out of it, what is in the way is told, and emptied folders go.
#include "host/batch/output_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "host/batch/sample_records.hpp"

namespace calque::host {
namespace {

using names = std::vector<std::string>;

struct machine {
  scratch_folder root;
  output_folder folder;
  descriptor staging;

  machine() {
    std::filesystem::create_directories(root.path("staging"));
    staging = descriptor(::open(root.path("staging").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    auto opened = output_folder::open(root.path("out"), true);
    EXPECT_TRUE(opened.has_value());
    folder = std::move(opened.value());
  }
  int place(const std::string &file, std::string_view bytes) {
    root.write("staging/1-0", bytes);
    return folder.place(*staging, "1-0", file);
  }
  std::string code_of(const std::string &file, bool make = true) {
    const auto free = folder.check(file, make);
    return free.has_value() ? "ok" : free.error().code;
  }
  bool is_there(const std::string &name) const { return std::filesystem::exists(root.path(name)); }
};

TEST(output_folder, is_made_with_its_parents) {
  scratch_folder root;
  EXPECT_FALSE(output_folder::open(root.path("a/b/c"), false).has_value());
  EXPECT_TRUE(root.list().empty());
  EXPECT_TRUE(output_folder::open(root.path("a/b/c"), true).has_value());
  EXPECT_TRUE(output_folder::open(root.path("a/b/c/"), true).has_value());
  EXPECT_EQ(root.list(), (names{"a/", "a/b/", "a/b/c/"}));
  root.write("file", "");
  EXPECT_FALSE(output_folder::open(root.path("file/c"), true).has_value());
}

TEST(output_folder, files_are_placed_over_what_is_there) {
  machine m;
  EXPECT_EQ(m.place("a.xml", "1"), 0);
  EXPECT_EQ(m.place("x/y/b.xml", "2"), 0);
  EXPECT_EQ(m.place("a.xml", "new"), 0);
  EXPECT_EQ(m.root.read("out/a.xml"), "new");
  EXPECT_EQ(m.root.read("out/x/y/b.xml"), "2");
  EXPECT_EQ(m.folder.sync_folders(), 0);
  EXPECT_EQ(m.folder.digest("a.xml"), sha256_of("new"));
  const auto mark = m.folder.look("a.xml");
  struct stat info {};
  ASSERT_EQ(::stat(m.root.path("out/a.xml").c_str(), &info), 0);
  ASSERT_TRUE(mark);
  EXPECT_EQ(mark->size, 3u);
  EXPECT_EQ(mark->inode, info.st_ino);
  EXPECT_TRUE(mark->is_regular);
  EXPECT_FALSE(m.folder.look("none"));
  EXPECT_FALSE(m.folder.look("none/at/all"));
  EXPECT_FALSE(m.folder.digest("x"));
  ASSERT_TRUE(m.folder.look("x"));
  EXPECT_FALSE(m.folder.look("x")->is_regular);
}

TEST(output_folder, a_change_of_a_file_changes_its_mark) {
  machine m;
  ASSERT_EQ(m.place("a", "1"), 0);
  const auto before = m.folder.look("a");
  ::usleep(20'000);
  m.root.write("out/a", "2");
  const auto after = m.folder.look("a");
  EXPECT_NE(before->changed_ns, after->changed_ns);
}

TEST(output_folder, no_step_goes_through_a_link) {
  machine m;
  m.root.write("elsewhere/a", "mine");
  ASSERT_EQ(::symlink("../elsewhere", m.root.path("out/link").c_str()), 0);
  ASSERT_EQ(::symlink("../elsewhere/a", m.root.path("out/file").c_str()), 0);
  ASSERT_EQ(::symlink("nowhere", m.root.path("out/dangling").c_str()), 0);
  EXPECT_EQ(m.code_of("link/b"), "output.symlink");
  EXPECT_EQ(m.code_of("link/deep/b"), "output.symlink");
  EXPECT_EQ(m.code_of("file"), "output.symlink");
  EXPECT_EQ(m.code_of("dangling"), "output.symlink");
  EXPECT_EQ(m.place("link/b", "x"), ELOOP);
  EXPECT_FALSE(m.folder.look("link/a"));
  EXPECT_FALSE(m.folder.digest("link/a"));
  EXPECT_FALSE(m.folder.digest("file"));
  EXPECT_FALSE(m.folder.look("file")->is_regular);
  EXPECT_NE(m.folder.remove("link/a"), 0);
  EXPECT_EQ(m.root.read("elsewhere/a"), "mine");
  EXPECT_FALSE(m.is_there("elsewhere/b"));
  // A link that is an output's name is replaced, not followed.
  EXPECT_EQ(m.place("file", "x"), 0);
  EXPECT_EQ(m.root.read("elsewhere/a"), "mine");
}

TEST(output_folder, no_path_leads_out_of_it) {
  machine m;
  m.root.write("beside", "mine");
  m.root.write("out/in/x", "x");
  for (const std::string path : {"../beside", "in/../../beside", "/etc/hostname", "..", "in/..", ".", "in/./x", "in//x", ""}) {
    EXPECT_NE(m.code_of(path), "ok") << path;
    EXPECT_NE(m.place(path, "x"), 0) << path;
    EXPECT_FALSE(m.folder.look(path)) << path;
    EXPECT_FALSE(m.folder.digest(path)) << path;
    m.folder.remove(path);
  }
  EXPECT_EQ(m.root.read("beside"), "mine");
  EXPECT_EQ(m.root.read("out/in/x"), "x");
  EXPECT_EQ(m.root.list(), (names{"beside", "out/", "out/in/", "out/in/x", "staging/", "staging/1-0"}));
}

TEST(output_folder, what_is_in_the_way_is_told) {
  machine m;
  m.root.write("out/folder/x", "");
  m.root.write("out/file", "");
  ASSERT_EQ(::mkfifo(m.root.path("out/pipe").c_str(), 0600), 0);
  EXPECT_EQ(m.code_of("folder"), "output.not-a-file");
  EXPECT_EQ(m.code_of("pipe"), "output.not-a-file");
  EXPECT_EQ(m.code_of("file"), "ok");
  EXPECT_EQ(m.code_of("file/below"), "output.cannot-create");
  EXPECT_EQ(m.code_of("pipe/below"), "output.cannot-create");
  EXPECT_EQ(m.code_of("new/one", false), "ok");
  EXPECT_FALSE(m.is_there("out/new"));
  EXPECT_EQ(m.code_of("new/one", true), "ok");
  EXPECT_TRUE(m.is_there("out/new"));
  EXPECT_NE(m.place("folder", "x"), 0);
  EXPECT_TRUE(m.is_there("out/folder/x"));
}

TEST(output_folder, folders_that_are_emptied_go) {
  machine m;
  ASSERT_EQ(m.place("a/b/c/1", "x"), 0);
  ASSERT_EQ(m.place("a/b/2", "x"), 0);
  EXPECT_EQ(m.folder.remove("a/b/c/1"), 0);
  EXPECT_FALSE(m.is_there("out/a/b/c"));
  EXPECT_TRUE(m.is_there("out/a/b/2"));
  EXPECT_EQ(m.folder.remove("a/b/2"), 0);
  EXPECT_FALSE(m.is_there("out/a"));
  EXPECT_TRUE(m.is_there("out")) << "but not the folder itself";
  EXPECT_EQ(m.folder.sync_folders(), 0);
  EXPECT_EQ(m.folder.remove("a/b/2"), 0) << "what is not there is no error";
  EXPECT_EQ(m.place("a/b/c/1", "again"), 0) << "and can be made again";
  EXPECT_EQ(m.root.read("out/a/b/c/1"), "again");
}

TEST(output_folder, goes_on_when_somebody_removes_a_folder_that_is_open) {
  machine m;
  ASSERT_EQ(m.place("a/b/1", "x"), 0);
  std::filesystem::remove_all(m.root.path("out/a"));
  EXPECT_NE(m.place("a/b/2", "x"), 0);
  EXPECT_EQ(m.place("a/b/2", "x"), 0) << "the second time it is made anew";
  EXPECT_EQ(m.folder.sync_folders(), 0);
}

TEST(output_folder, opens_more_folders_than_it_keeps_open) {
  machine m;
  for (int k = 0; k < 250; ++k) ASSERT_EQ(m.place(std::to_string(k) + "/deep/a", "x"), 0) << k;
  for (int k = 0; k < 250; ++k) ASSERT_EQ(m.folder.remove(std::to_string(k) + "/deep/a"), 0) << k;
  EXPECT_EQ(m.root.list(), (names{"out/", "staging/"}));
}

TEST(name_in, is_the_last_part) {
  EXPECT_EQ(name_in("a/b/c.xml"), "c.xml");
  EXPECT_EQ(name_in("c.xml"), "c.xml");
}

}  // namespace
}  // namespace calque::host

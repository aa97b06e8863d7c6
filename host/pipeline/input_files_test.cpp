// SPDX-License-Identifier: Apache-2.0
// Patterns of input files: what matches, in which order, and what {dir} becomes.
#include "host/pipeline/input_files.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "host/pipeline/scratch_folder.hpp"

namespace calque::host {
namespace {

TEST(matches_name, stars_and_marks_match_within_a_name) {
  EXPECT_TRUE(matches_name("*.txt", "a.txt"));
  EXPECT_TRUE(matches_name("*.txt", ".txt"));
  EXPECT_TRUE(matches_name("a*b*c", "axxbyybzzc"));
  EXPECT_FALSE(matches_name("a*b*c", "axxbyybzz"));
  EXPECT_TRUE(matches_name("?.txt", "郝.txt"));
  EXPECT_FALSE(matches_name("?.txt", "ab.txt"));
  EXPECT_TRUE(matches_name("*", ""));
  EXPECT_FALSE(matches_name("", "a"));
}

TEST(expand_patterns, folders_between_are_dir_and_the_order_is_by_path) {
  scratch_folder folder;
  for (const char *name : {"r/b.txt", "r/a.txt", "r/x/c.txt", "r/x/y/d.txt", "r/.hidden/e.txt", "r/x/f.md"})
    folder.write(name, "x");
  const std::vector<std::string> patterns = {folder.path("r/**/*.txt"), folder.path("r/a.txt")};
  const std::vector<named_input> expected = {{folder.path("r/a.txt"), ""},
                                             {folder.path("r/b.txt"), ""},
                                             {folder.path("r/x/c.txt"), "x"},
                                             {folder.path("r/x/y/d.txt"), "x/y"}};
  EXPECT_EQ(expand_patterns(patterns), expected);
}

TEST(expand_patterns, a_link_that_leads_back_ends) {
  scratch_folder folder;
  folder.write("r/a.txt", "x");
  std::filesystem::create_directory_symlink("..", folder.path("r/loop"));
  EXPECT_EQ(expand_patterns(std::vector{folder.path("r/**/*.txt")}).size(), 1u);
}

TEST(expand_patterns, a_plain_name_is_kept_though_it_is_missing) {
  EXPECT_EQ(expand_patterns(std::vector<std::string>{"/no/such.txt"}).size(), 1u);
}

}  // namespace
}  // namespace calque::host

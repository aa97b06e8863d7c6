// SPDX-License-Identifier: Apache-2.0
// Where plugins are looked for.
#include "host/plugins/search_path.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace calque::host {
namespace {

namespace fs = std::filesystem;

TEST(search_path, has_its_order_and_each_folder_once) {
  const plugin_places places{{"/opt/extra", "/home/me/pipes/"}, "/home/me/pipes", "/a::/opt/extra:/b/../c", "/usr/bin/calque"};
  const std::vector<fs::path> expected = {"/opt/extra", "/home/me/pipes", "/a", "/c", "/usr/lib/calque/plugins"};
  EXPECT_EQ(search_path(places), expected);
}

TEST(search_path, relative_folders_become_absolute) {
  const std::vector<fs::path> folders = search_path({{"here"}, "", "", ""});
  ASSERT_EQ(folders.size(), 1u);
  EXPECT_EQ(folders.front(), fs::current_path() / "here");
}

TEST(plugin_files, come_in_the_order_of_folders_and_names_without_recursion) {
  std::string name = (fs::temp_directory_path() / "calque-path-XXXXXX").string();
  const fs::path root = mkdtemp(name.data());
  fs::create_directories(root / "first/deep");
  fs::create_directories(root / "second/folder.calque");
  for (const char *file : {"first/z.calque", "first/a.calque", "first/a.so", "first/deep/b.calque", "second/b.calque"})
    std::ofstream(root / file).flush();
  const std::vector<fs::path> expected = {root / "first/a.calque", root / "first/z.calque", root / "second/b.calque"};
  EXPECT_EQ(plugin_files({root / "first", root / "missing", root / "second"}), expected);
  fs::remove_all(root);
}

TEST(own_program, is_this_one) {
  EXPECT_TRUE(own_program().is_absolute());
  EXPECT_TRUE(fs::exists(own_program()));
}

}  // namespace
}  // namespace calque::host

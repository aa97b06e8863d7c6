// SPDX-License-Identifier: Apache-2.0
// What is loaded: the program itself and its libraries, sorted, each with what identifies its code.
#include "host/worker/loaded_libraries.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace calque::host {
namespace {

std::string id_of(const std::vector<std::pair<std::string, std::string>> &all, std::string_view part_of_path) {
  for (const auto &[path, id] : all)
    if (path.find(part_of_path) != std::string::npos) return id;
  return "none";
}

TEST(loaded_libraries, names_the_program_and_the_c_library) {
  const auto all = loaded_libraries();
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
  EXPECT_NE(id_of(all, std::filesystem::read_symlink("/proc/self/exe").string()), "none");
  // Debian's C library has a build id: 20 bytes.
  EXPECT_EQ(id_of(all, "/libc.so").size(), 40u);
  EXPECT_EQ(id_of(all, "vdso"), "none") << "it is the kernel's";
  for (const auto &[path, id] : all) {
    EXPECT_TRUE(path.starts_with('/')) << path;
    EXPECT_FALSE(id.empty()) << path;
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef.-"), std::string::npos) << id;
  }
}

TEST(loaded_libraries, is_the_same_again) {
  EXPECT_EQ(loaded_libraries(), loaded_libraries());
}

TEST(loaded_libraries, has_what_was_loaded_since) {
  ASSERT_EQ(id_of(loaded_libraries(), "libutil"), "none");
  ASSERT_NE(::dlopen("libutil.so.1", RTLD_NOW), nullptr);  // of the C library's own package, and of no use here
  EXPECT_EQ(id_of(loaded_libraries(), "libutil").size(), 40u);
}

}  // namespace
}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// In place of a fuzzer: gives a fuzz target each file of the folders that are named, in the order of their names.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *, std::size_t);

int main(int argc, char **argv) {
  std::vector<std::string> files;
  for (int k = 1; k < argc; ++k)
    for (const auto &entry : std::filesystem::recursive_directory_iterator(argv[k]))
      if (entry.is_regular_file()) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  for (const std::string &file : files) {
    std::ostringstream read;
    read << std::ifstream(file, std::ios::binary).rdbuf();
    const std::string bytes = read.str();
    // The name first: if this one ends the process, it is known which it was.
    std::printf("%s\n", file.c_str());
    std::fflush(stdout);
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size());
  }
  std::printf("%zu files\n", files.size());
  return files.empty() ? 1 : 0;
}

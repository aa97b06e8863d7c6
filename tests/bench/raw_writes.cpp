// SPDX-License-Identifier: Apache-2.0
// raw_writes FROM TO: writes the files of FROM, which it reads first, as a batch does and does nothing else: staged,
// made durable, renamed, the folder made durable, with a record a group. Prints seconds.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "host/system/bytes_io.hpp"

namespace {

namespace fs = std::filesystem;
using calque::host::descriptor;

struct file {
  std::string name, bytes;
};

/// By the name without its extension: the files of one document.
std::vector<std::vector<file>> read_documents(const char *folder) {
  std::map<std::string, std::vector<file>> by_stem;
  for (const auto &entry : fs::directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    by_stem[entry.path().stem().string()].push_back(
        {entry.path().filename().string(), {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}});
  }
  std::vector<std::vector<file>> all;
  for (auto &[stem, files] : by_stem) all.push_back(std::move(files));
  return all;
}

int write_all(const char *from, const char *to) {
  const auto documents = read_documents(from);
  const std::string folder = to;
  fs::create_directories(folder + "/staging");
  const descriptor staging(::open((folder + "/staging").c_str(), O_RDONLY | O_DIRECTORY));
  const descriptor target(::open(to, O_RDONLY | O_DIRECTORY));
  const descriptor state(::open((folder + "/state").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666));
  if (!staging || !target || !state) return 1;
  constexpr std::size_t group = 64, record = 2048;
  const std::string records(group * record, 'r');

  const auto began = std::chrono::steady_clock::now();
  for (std::size_t first = 0; first < documents.size(); first += group) {
    const std::size_t end = std::min(first + group, documents.size());
    for (std::size_t k = first; k < end; ++k)
      for (const file &one : documents[k]) {
        const descriptor fd(::openat(*staging, one.name.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0666));
        if (calque::host::write_whole(*fd, one.bytes) != 0 || ::fsync(*fd) != 0) return 1;
      }
    if (calque::host::write_whole(*state, records) != 0 || ::fdatasync(*state) != 0) return 1;
    for (std::size_t k = first; k < end; ++k)
      for (const file &one : documents[k])
        if (::renameat(*staging, one.name.c_str(), *target, one.name.c_str()) != 0) return 1;
    if (::fsync(*target) != 0) return 1;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf("%.3f\n", took.count());
  return 0;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc == 3) return write_all(argv[1], argv[2]);
  std::fputs("usage: raw_writes FROM TO\n", stderr);
  return 2;
}

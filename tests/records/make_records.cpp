// SPDX-License-Identifier: Apache-2.0
// make_records FOLDER COUNT [FIRST SEED]: writes generated records and their truth files, for the bench and for people.
#include "tests/records/generator.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

int main(int argc, char **argv) {
  if (argc < 3) {
    std::fputs("usage: make_records FOLDER COUNT [FIRST SEED]\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const uint64_t count = std::stoull(argv[2]), first = argc > 3 ? std::stoull(argv[3]) : 1;
  std::filesystem::create_directories(folder);
  for (uint64_t seed = first; seed < first + count; ++seed) {
    const auto made = calque::records::generate(seed);
    const std::string stem = "record-" + std::to_string(seed);
    std::ofstream(folder / (stem + ".txt"), std::ios::binary) << made.text;
    std::ofstream(folder / (stem + ".truth.json"), std::ios::binary) << calque::records::to_json(made.truth);
  }
}

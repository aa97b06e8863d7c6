// SPDX-License-Identifier: Apache-2.0
// A state file with any bytes: it is read to the longest sound beginning, mended once, and written on.
//
// The first byte chooses: 0, the rest is the file; else the rest are records with sound checksums: type, size (u16),
// payload; and what is left behind them is the tail of the file.
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "host/batch/state.hpp"
#include "host/pipeline/scratch_folder.hpp"
#include "tests/fuzz/require.hpp"

namespace calque::host {
namespace {

struct reading {
  bool is_open = false;
  std::size_t notices = 0;
  std::vector<std::string> records;
};

reading read_all(const std::string &path, journal::access how, std::string_view more = {}) {
  reading got;
  std::vector<diagnostic> notices;
  auto opened = journal::open(
      path, how,
      [&](const journal_record &one) { got.records.push_back(static_cast<char>(one.type) + std::string(one.payload)); },
      notices);
  got.is_open = opened.has_value();
  got.notices = notices.size();
  if (got.is_open && !more.empty()) {
    opened->add(200, more);
    CALQUE_REQUIRE(opened->flush() == 0);
  }
  return got;
}

void look_at_state(const std::string &path) {
  std::vector<diagnostic> notices;
  const auto opened = state::open(path, journal::access::read_only, notices);
  if (!opened.has_value()) return;
  const state &known = **opened;
  for (const std::string &input : known.inputs()) known.find(input);
  for (const publication &one : known.unfinished())
    for (const auto &[name, index] : one.moves) CALQUE_REQUIRE(index < one.record.files.size());
  known.owner();
}

std::string file_of(const scratch_folder &folder, std::string_view bytes) {
  if (bytes[0] == 0) return std::string(bytes.substr(1));
  bytes.remove_prefix(1);
  const std::string path = folder.path("sound");
  std::filesystem::remove(path);
  std::vector<diagnostic> notices;
  auto made = journal::open(path, journal::access::read_write, [](const journal_record &) {}, notices);
  CALQUE_REQUIRE(made.has_value());
  while (bytes.size() >= 3) {
    const auto size = static_cast<std::size_t>(static_cast<unsigned char>(bytes[1]) | static_cast<unsigned char>(bytes[2]) << 8);
    if (size > bytes.size() - 3) break;
    made->add(static_cast<std::uint8_t>(bytes[0]), bytes.substr(3, size));
    bytes.remove_prefix(3 + size);
  }
  CALQUE_REQUIRE(made->flush() == 0);
  return folder.read("sound") + std::string(bytes);
}

}  // namespace
}  // namespace calque::host

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  using namespace calque::host;
  static const scratch_folder folder;
  if (size == 0) return 0;
  const std::string bytes = file_of(folder, {reinterpret_cast<const char *>(data), size});
  const std::string path = folder.path("state.db");
  std::filesystem::remove(path);
  folder.write("state.db", bytes);
  const reading looked = read_all(path, journal::access::read_only);
  look_at_state(path);
  CALQUE_REQUIRE(folder.read("state.db") == bytes);
  const reading mended = read_all(path, journal::access::read_write, "more");
  CALQUE_REQUIRE(mended.is_open == looked.is_open && mended.records == looked.records && mended.notices == looked.notices);
  CALQUE_REQUIRE(mended.notices <= 1);
  if (!mended.is_open) {
    CALQUE_REQUIRE(folder.read("state.db") == bytes);
    return 0;
  }
  std::vector<std::string> expected = mended.records;
  expected.push_back("\xC8more");
  const reading again = read_all(path, journal::access::read_write);
  CALQUE_REQUIRE(again.is_open && again.notices == 0 && again.records == expected);
  look_at_state(path);
  return 0;
}

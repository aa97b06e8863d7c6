// SPDX-License-Identifier: Apache-2.0
// Any bytes as TMX: what is read is written, and reads back as the same units with nothing left out; each of them is
// found by its own source.
#include <algorithm>
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "tests/fuzz/require.hpp"
#include "translation_memory/index.hpp"
#include "translation_memory/tmx_reader.hpp"
#include "translation_memory/tmx_writer.hpp"

namespace calque::tm {
namespace {

struct reading {
  bool is_read = false;
  std::vector<unit> units;
  std::vector<std::string> header_notes;
  tmx_account account;
};

reading read_all(const std::string &bytes) {
  reading got;
  std::istringstream in(bytes);
  const tmx_sink sink{[&](const unit &u) { got.units.push_back(u); },
                      [&](const std::string &note) { got.header_notes.push_back(note); }};
  try {
    got.account = read_tmx(in, "in.tmx", "in.tmx", sink);
    got.is_read = true;
  } catch (const failure &why) {
    CALQUE_REQUIRE(!why.code().empty() && !std::string(why.what()).empty() && !why.hint().empty());
  }
  return got;
}

std::string write_all(const reading &from) {
  std::string out;
  tmx_writer writer([&](const std::string &bytes) { out += bytes; }, from.header_notes);
  for (const unit &u : from.units) writer.write(u);
  writer.end();
  return out;
}

}  // namespace
}  // namespace calque::tm

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  using namespace calque::tm;
  const reading first = read_all({reinterpret_cast<const char *>(data), size});
  if (!first.is_read) return 0;
  const std::string once = write_all(first);
  const reading again = read_all(once);
  CALQUE_REQUIRE(again.is_read);
  CALQUE_REQUIRE(again.account.remarks.empty());
  CALQUE_REQUIRE(again.units.size() == first.units.size());
  CALQUE_REQUIRE(write_all(again) == once);

  calque::tm::index units(0.7);
  for (const unit &u : first.units) units.add(u, "m");
  units.finish();
  calque::tm::index::searcher search(units);
  tokenizer cut;
  for (const unit &u : first.units) {
    if (cut.cut(u.source.text).empty()) continue;
    const auto found = search.find({u.source.text, {}, {}}, SIZE_MAX);
    CALQUE_REQUIRE(std::any_of(found.begin(), found.end(),
                               [&](const match &m) { return m.score == 1 && m.target == u.target.text; }));
  }
  return 0;
}

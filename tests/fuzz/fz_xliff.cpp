// SPDX-License-Identifier: Apache-2.0
// Any bytes as an XLIFF file, through the importer's own stage: a document or a named error; a document can be written
// and read again.
#include <calque/testing.hpp>

#include <cstdint>
#include <string_view>

#include "plugins/xliff/export.hpp"
#include "plugins/xliff/import.hpp"
#include "tests/fuzz/require.hpp"

namespace {

void judge(const calque::testing::outcome &made) {
  // The host blames a stage for untiled bytes or a broken call; the stages' own errors are of xliff.
  for (const auto &d : made.diagnostics) {
    if (d.severity != "error" || d.code.starts_with("xliff.")) continue;
    std::fprintf(stderr, "%s: %s\n", d.code.c_str(), d.message.c_str());
    CALQUE_REQUIRE(d.code == "document.limit");
  }
  CALQUE_REQUIRE(made.ok || !made.diagnostics.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char *>(data), size);
  const auto made = calque::testing::import<xliff::import_stage>(bytes, "input.xlf");
  judge(made);
  if (!made.ok) return 0;
  const auto written = calque::testing::write<xliff::export_stage>(made.documents.at(0), {{"target_language", "\"fr\""}});
  judge(written);
  if (written.ok) judge(calque::testing::import<xliff::import_stage>(written.files.at(0).bytes, "again.xlf"));
  return 0;
}

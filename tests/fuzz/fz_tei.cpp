// SPDX-License-Identifier: Apache-2.0
// Any bytes as a TEI file, through the importer's own stage: a document or a named error, and no other end.
#include <calque/testing.hpp>

#include <cstdint>
#include <string_view>

#include "plugins/tei/import.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char *>(data), size);
  for (const char *split : {"\"none\"", "\"document\""}) {
    const auto made = calque::testing::import <tei::import_stage>(bytes, "input.xml", {{"split", split}});
    // The host blames a stage for untiled bytes or a broken call; the importer's own errors are of tei.
    for (const auto &d : made.diagnostics) {
      if (d.severity != "error" || d.code.starts_with("tei.")) continue;
      std::fprintf(stderr, "%s: %s\n", d.code.c_str(), d.message.c_str());
      CALQUE_REQUIRE(d.code == "document.limit");
    }
    CALQUE_REQUIRE(made.ok || !made.diagnostics.empty());
  }
  return 0;
}

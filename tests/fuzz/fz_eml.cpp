// SPDX-License-Identifier: Apache-2.0
// Mail of any kind through its importer and the host: tiled, sound, and the same each time.
#include <calque/testing.hpp>

#include <cstdint>
#include <string_view>

#include "plugins/eml/eml.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  using calque::plugins::eml_importer;
  const std::string_view bytes(reinterpret_cast<const char *>(data), size);
  if (bytes.empty()) return 0;
  const auto made = calque::testing::import<eml_importer>(bytes, "fuzz.eml");
  // Whatever is wrong with a message, the plugin knows how to say it.
  for (const auto &d : made.diagnostics) {
    const bool is_its_own = d.code.starts_with("eml.") || d.code == "document.limit";
    if (!is_its_own) std::fprintf(stderr, "%s: %s\n", d.code.c_str(), d.message.c_str());
    CALQUE_REQUIRE(is_its_own);
  }
  CALQUE_REQUIRE(made.ok || !made.diagnostics.empty());
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// Any bytes as pandoc's JSON: a document or a named error; what came in goes out, and comes in again with its text.
#include <calque/testing.hpp>

#include <cstdint>
#include <string_view>

#include "plugins/pandoc_json/export.hpp"
#include "plugins/pandoc_json/import.hpp"
#include "tests/fuzz/require.hpp"

namespace {

void require_named(const calque::testing::outcome &failed) {
  bool is_named = false;
  for (const auto &d : failed.diagnostics) {
    is_named = is_named || d.severity == "error";
    // A breach of the host's rules, or an exception that nobody expected, is a fault of the plugin.
    CALQUE_REQUIRE(!d.code.starts_with("plugin.") && !d.code.starts_with("builder.") && !d.code.starts_with("output.") &&
                   !d.code.starts_with("layer.") && !d.code.starts_with("document."));
  }
  CALQUE_REQUIRE(is_named);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char *>(data), size);
  const auto first = calque::testing::import<pandoc_json::importer>(bytes, "input.json");
  if (!first.ok) {
    require_named(first);
    return 0;
  }
  const auto written = calque::testing::write<pandoc_json::exporter>(first.documents.front());
  if (!written.ok) {
    require_named(written);
    return 0;
  }
  const auto again = calque::testing::import<pandoc_json::importer>(written.files.front().bytes, "input.json");
  // One more block around everything may be one too many.
  if (!again.ok) return require_named(again), 0;
  CALQUE_REQUIRE(again.documents.front().view().text() == first.documents.front().view().text());
  return 0;
}

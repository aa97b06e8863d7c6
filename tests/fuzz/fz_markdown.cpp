// SPDX-License-Identifier: Apache-2.0
// Markdown through the importer's stage, by the real host: whatever the bytes are, the plugin breaks no rule, and what
// it reads is accounted for byte by byte.
#include <calque/testing.hpp>

#include <cstdint>
#include <string_view>

#include "plugins/markdown/import.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char *>(data), size);
  const auto read = calque::testing::import<markdown::importer>(bytes, "fuzz.md");
  CALQUE_REQUIRE(read.ok == !read.documents.empty());
  for (const auto &d : read.diagnostics) {
    // What the plugin says itself, or a limit of the host; never that the plugin was at fault.
    const bool is_its_own = d.code.starts_with("markdown.") || d.code == "document.limit";
    if (!is_its_own) std::fprintf(stderr, "%s: %s\n", d.code.c_str(), d.message.c_str());
    CALQUE_REQUIRE(is_its_own);
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// Any bytes as a page: a document whose bytes are all accounted for, or a reason that is not a breach of the rules.
#include "plugins/html/import.hpp"
#include "tests/fuzz/require.hpp"

#include <calque/testing.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char *>(data), size);
  // The first byte chooses between HTML and XHTML.
  const char *const name = size > 0 && bytes[0] == 'x' ? "page.xhtml" : "page.html";
  const auto made = calque::testing::import<calque::plugins::html_importer>(bytes.substr(size > 0 ? 1 : 0), name);
  if (made.ok) return 0;
  CALQUE_REQUIRE(!made.diagnostics.empty());
  const std::string &code = made.diagnostics.back().code;
  // A limit, or a verdict of the importer; never a misuse of the builder, never bytes that nobody has.
  if (!(code.starts_with("html.") || code == "document.limit"))
    std::fprintf(stderr, "%s: %s\n", code.c_str(), made.diagnostics.back().message.c_str());
  CALQUE_REQUIRE(code.starts_with("html.") || code == "document.limit");
  return 0;
}

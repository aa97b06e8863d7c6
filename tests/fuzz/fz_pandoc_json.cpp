// SPDX-License-Identifier: Apache-2.0
// Any bytes as pandoc's JSON: a document or a named error; what came in goes out, and comes in again with its text.
#include <calque/testing.hpp>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

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

/// The texts of the fields, and what follows them. Members of an object have no order: the metadata is written by name.
std::vector<std::string_view> texts_of(const calque::testing::document &made) {
  const calque::document_view document = made.view();
  std::vector<std::string_view> texts;
  size_t end = 0;
  for (const calque::node field : document.fields()) {
    texts.push_back(field.text());
    end = field.range().end;
  }
  std::sort(texts.begin(), texts.end());
  texts.push_back(document.text().substr(end));
  return texts;
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
  CALQUE_REQUIRE(texts_of(again.documents.front()) == texts_of(first.documents.front()));
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// docs/document-model.md tells the truth: its dumps are read and written back, and nothing is missing from its tables.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "host/document/columns.hpp"
#include "host/document/dump.hpp"
#include "host/document/layer_schemas.hpp"

namespace calque::host {
namespace {

std::string page() {
  std::ifstream file(CALQUE_SOURCE_FOLDER "/docs/document-model.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> dumps_of(const std::string &text) {
  static const std::string fence = "```dump\n";
  std::vector<std::string> found;
  for (size_t at = text.find(fence); at != std::string::npos; at = text.find(fence, at)) {
    at += fence.size();
    found.push_back(text.substr(at, text.find("```", at) - at));
  }
  return found;
}

TEST(document_model, dumps_of_the_page_are_exact) {
  const auto dumps = dumps_of(page());
  ASSERT_EQ(dumps.size(), 2u);
  for (const std::string &text : dumps) {
    const auto read = parse_dump(text);
    ASSERT_TRUE(read.has_value()) << read.error().message;
    EXPECT_EQ(dump(read.value()), text);
  }
}

TEST(document_model, gallery_has_every_kind_and_all_of_every_layer) {
  std::set<std::string> kinds, layer_words;
  for (const std::string &text : dumps_of(page())) {
    const document made = parse_dump(text).value();
    const calque_document &d = made.view();
    for (uint32_t i = 0; i < d.nodes.count; ++i) kinds.emplace(kind_name(d, d.nodes.kind[i]));
    for (uint32_t l = 0; l < d.layer_count; ++l)
      for (uint32_t n = 0; n < d.layers[l]->name_count; ++n)
        layer_words.insert(std::string(to_view(d.layers[l]->name)) + " " +
                           std::string(name_at(d.layers[l]->name_end, d.layers[l]->strings, n)));
  }
#define CALQUE_KIND_ENTRY(NAME, name, value, cls) EXPECT_TRUE(kinds.contains(#name)) << #name;
  CALQUE_KINDS(CALQUE_KIND_ENTRY)
#undef CALQUE_KIND_ENTRY
  for (const layer_schema &schema : all_schemas()) {
    const std::string layer = std::string(schema.name) + " ";
    for (const std::string_view kind : schema.kinds)
      EXPECT_TRUE(layer_words.contains(layer + std::string(kind))) << layer << kind;
    for (const layer_key &key : schema.keys)
      EXPECT_TRUE(layer_words.contains(layer + std::string(key.name))) << layer << key.name;
  }
}

TEST(document_model, tables_name_every_kind_layer_and_column) {
  const std::string text = page();
  const auto names = [&](std::string_view word) {
    return text.find("`" + std::string(word) + "`") != std::string::npos;
  };
#define CALQUE_KIND_ENTRY(NAME, name, value, cls) EXPECT_TRUE(names(#name)) << #name;
  CALQUE_KINDS(CALQUE_KIND_ENTRY)
#undef CALQUE_KIND_ENTRY
#define CALQUE_COLUMN_ENTRY(type, name) EXPECT_TRUE(names(#name)) << #name;
  CALQUE_NODE_COLUMNS(CALQUE_COLUMN_ENTRY)
  CALQUE_ATTR_COLUMNS(CALQUE_COLUMN_ENTRY)
  CALQUE_ORIGIN_COLUMNS(CALQUE_COLUMN_ENTRY)
  CALQUE_ANNOTATION_COLUMNS(CALQUE_COLUMN_ENTRY)
  CALQUE_VALUE_COLUMNS(CALQUE_COLUMN_ENTRY)
#undef CALQUE_COLUMN_ENTRY
  for (const layer_schema &schema : all_schemas()) {
    EXPECT_TRUE(names(schema.name)) << schema.name;
    for (const layer_key &key : schema.keys) EXPECT_TRUE(names(key.name)) << schema.name << " " << key.name;
  }
}

}  // namespace
}  // namespace calque::host

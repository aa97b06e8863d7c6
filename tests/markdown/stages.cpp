// SPDX-License-Identifier: Apache-2.0
// Loads the plugins that the build made, as the host would.
#include "tests/markdown/stages.hpp"

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

namespace markdown_tests {

using calque::testing::outcome;

const calque_stage &stage_of(const char *plugin, bool imports) {
  const std::string path = std::string(CALQUE_BUILD_FOLDER) + "/lib/calque/plugins/" + plugin + ".calque";
  void *library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  const auto *entry = library ? static_cast<const calque_plugin *>(::dlsym(library, CALQUE_ENTRY)) : nullptr;
  for (uint32_t k = 0; entry && k < entry->stage_count; ++k)
    if ((entry->stages[k]->importer != nullptr) == imports) return *entry->stages[k];
  std::fprintf(stderr, "%s: %s\n", path.c_str(), library ? "has no such stage" : ::dlerror());
  std::abort();
}

outcome read_markdown(std::string_view text, bool autolinks) {
  static const calque_stage &stage = stage_of("markdown", true);
  return calque::testing::run_importer(stage, text, "text.md", {{"autolinks", autolinks ? "true" : "false"}});
}

std::string written(const char *plugin, const calque::testing::document &d, const calque::testing::settings &options) {
  const outcome r = calque::testing::run_stage(stage_of(plugin, false), d, options);
  if (r.ok && !r.files.empty()) return r.files.front().bytes;
  std::string words = "not written:";
  for (const auto &what : r.diagnostics) words += " " + what.code + ": " + what.message;
  return words;
}

std::string to_html(std::string_view markdown, bool autolinks, bool tag_filter) {
  const outcome read = read_markdown(markdown, autolinks);
  const calque::testing::settings options{
      {"profile", "\"fragment\""}, {"raw_html", "true"}, {"tag_filter", tag_filter ? "true" : "false"}};
  if (read.ok) return written("html", read.documents.front(), options);
  std::string words = "not read:";
  for (const auto &what : read.diagnostics) words += " " + what.code + ": " + what.message;
  return words;
}

}  // namespace markdown_tests

// SPDX-License-Identifier: Apache-2.0
// Writes the editions of all sample documents to a folder, with what an independent reader must find in them.
//   make_editions FOLDER RANDOM-COUNT
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "host/plugins/plugin_library.hpp"
#include "tests/validators/sample_documents.hpp"

namespace {

using calque::kind;
namespace fs = std::filesystem;

struct edition {
  std::string plugin, suffix;
  calque::testing::settings options;
};

void write(const fs::path &file, std::string_view bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

const calque_stage *find_exporter(const std::string &plugin) {
  const auto loaded = calque::host::load_plugin(fs::path(CALQUE_PLUGIN_FOLDER) / (plugin + ".calque"));
  if (!loaded) throw std::runtime_error(loaded.error().message);
  for (uint32_t k = 0; k < (*loaded)->stage_count; ++k)
    if ((*loaded)->stages[k]->exporter) return (*loaded)->stages[k];
  throw std::runtime_error(plugin + " has no exporter");
}

/// Main-flow text, that of fields, and that of other asides, each as one string.
void write_truth(const fs::path &folder, const std::string &name, calque::document_view document) {
  std::string main, fields, notes;
  for (calque::node leaf : document.root().leaves()) {
    std::string *to = &main;
    for (calque::node n : document.nodes())
      if (n.is(kind::aside) && n.index() < leaf.index() && leaf.index() < n.end_index())
        to = n.attr("role") == "field" ? &fields : &notes;
    *to += leaf.text();
  }
  write(folder / (name + ".main"), main);
  write(folder / (name + ".fields"), fields);
  write(folder / (name + ".notes"), notes);
}

int run(const fs::path &folder, int random_count) {
  fs::remove_all(folder);
  fs::create_directories(folder);
  const std::vector<edition> editions{{"tei", ".xml", {}},
                                      {"tei", ".elements.xml", {{"brackets", "\"elements\""}, {"sentences", "true"}}},
                                      {"html", ".html", {}},
                                      {"epub", ".epub", {{"split_level", "2"}}},
                                      {"markdown", ".md", {}},
                                      {"text", ".txt", {}},
                                      {"text", ".wrapped.txt", {{"width", "40"}}},
                                      {"json", ".json", {}},
                                      {"xliff", ".xlf", {{"target_language", "\"fr\""}}}};
  int failures = 0;
  for (const auto &[name, document] : calque::validators::sample_documents(random_count)) {
    write_truth(folder, name, document.view());
    for (const edition &e : editions) {
      const calque_stage &stage = *find_exporter(e.plugin);
      const auto first = calque::testing::run_stage(stage, document, e.options);
      const auto second = calque::testing::run_stage(stage, document, e.options);
      if (!first.ok || first.files.size() != 1) {
        std::cerr << name << e.suffix << ": "
                  << (first.diagnostics.empty() ? "failed" : first.diagnostics.front().message) << "\n";
        ++failures;
        continue;
      }
      if (second.files.size() != 1 || first.files[0].bytes != second.files[0].bytes) {
        std::cerr << name << e.suffix << ": two runs differ\n";
        ++failures;
      }
      write(folder / (name + e.suffix), first.files[0].bytes);
      write(folder / (name + e.suffix + ".ledger"), first.ledger);
    }
  }
  return failures == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char **words) {
  if (count != 3) {
    std::cerr << "usage: make_editions FOLDER RANDOM-COUNT\n";
    return 2;
  }
  try {
    return run(words[1], std::stoi(words[2]));
  } catch (const std::exception &error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}

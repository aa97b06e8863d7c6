// SPDX-License-Identifier: Apache-2.0
// The stage calque.memory: writes what translation memories have for each segment to calque.match/1.
#pragma once

#include "translation_memory/index.hpp"

#include <calque/calque.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace calque::plugins {

struct memory : annotator {
  static constexpr stage_info info{"calque.memory", "0.1.0", "Finds what translation memories have for each sentence"};
  static constexpr auto required_layers = list("calque.segment/1");
  static constexpr auto written_layers = list("calque.match/1");
  static constexpr auto codes = calque::codes(
      code("memory.bad-option", "`files` names no file, or a language is no tag of BCP 47.", thing::layer, effect::none,
           level::error),
      code("memory.unusable",
           "A file of `files` cannot be used: it is not there, is no memory and no TMX, is damaged, is being written, "
           "or "
           "was written by a newer Calque. The message says which.",
           thing::layer, effect::none, level::error),
      code("memory.no-units", "No unit of the memories is in both languages, so that nothing can be found.",
           thing::layer, effect::none, level::warning));

  std::vector<std::filesystem::path> files;
  std::string source_language, target_language;
  double threshold = 0.7;
  int64_t most = 3;
  static constexpr auto options = calque::options(
      opt("files", &memory::files, nullptr, "translation memories, or TMX files (*.tmx)", {}, CALQUE_REQUIRED),
      opt("source_language", &memory::source_language, nullptr, "the language of the document, as in \"en\"", {},
          CALQUE_REQUIRED),
      opt("target_language", &memory::target_language, nullptr, "the language that is wanted, as in \"ru\"", {},
          CALQUE_REQUIRED),
      opt("threshold", &memory::threshold, "0.7", "the least score of a match", bounds{0.3, 1}),
      opt("most", &memory::most, "3", "how many matches a segment gets at most", bounds{1, 100}));

  void prepare();
  void run(document_view, marks &, const call &) const;

 private:
  std::unique_ptr<tm::index> units_;
};

}  // namespace calque::plugins

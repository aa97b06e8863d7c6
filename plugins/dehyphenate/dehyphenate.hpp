// SPDX-License-Identifier: Apache-2.0
// The stage that joins words which a line end cut.
#pragma once

#include <calque/calque.hpp>

#include <filesystem>
#include <string>
#include <unordered_set>
#include <vector>

namespace calque::plugins {

struct dehyphenate : normalizer {
  std::vector<std::filesystem::path> words;

  static constexpr stage_info info{"calque.dehyphenate", "1.0.0", "Words that a line end cut become one again",
                                   CALQUE_REENTRANT};
  static constexpr auto options = calque::options(
      opt("words", &dehyphenate::words, "[]", "Files of words in UTF-8, one a line, that a joined word may be"));
  static constexpr auto codes = calque::codes(
      code("dehyphenate.joined", "The hyphen and the line end in a word that a line end cut were taken out.",
           thing::text, effect::changed),
      code("dehyphenate.word-list", "A file of words cannot be read.", thing::text, effect::none, level::error));

  void prepare();
  void run(document_view document, rewrite &out) const;

 private:
  std::unordered_set<std::string> known_;  // folded
};

}  // namespace calque::plugins

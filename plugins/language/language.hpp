// SPDX-License-Identifier: Apache-2.0
// The stage calque.language: writes calque.language/1 for the document, and for what deviates from it.
#pragma once

#include "plugins/common/text_blocks.hpp"
#include "plugins/language/detect.hpp"

#include <calque/calque.hpp>

namespace calque::language {

struct language : annotator {
  static constexpr stage_info info{"calque.language", "0.1.0",
                                   "Names the language of the document and of what is in another; und when unsure"};
  static constexpr auto written_layers = list("calque.language/1");

  std::vector<std::string> candidates;
  int64_t minimum_letters = 60;
  static constexpr auto options = calque::options(
      opt("candidates", &language::candidates, "[]",
          "BCP 47 tags of the languages that may occur; empty: any. What seems to be another is und"),
      opt("minimum_letters", &language::minimum_letters, "60",
          "how many letters a block must have to be given another language than the document", bounds{1, 1000000}));

  void run(document_view, marks &, const call &) const;
};

}  // namespace calque::language

// SPDX-License-Identifier: Apache-2.0
// The stage calque.segments: writes the sentences of a document to calque.segment/1.
#pragma once

#include "plugins/common/text_blocks.hpp"
#include "plugins/segments/sentence_breaks.hpp"

#include <calque/calque.hpp>

namespace calque::segments {

struct segments : annotator {
  static constexpr stage_info info{"calque.segments", "0.1.0", "Marks the sentences of every block"};
  static constexpr auto written_layers = list("calque.segment/1");

  std::vector<std::string> abbreviations;
  static constexpr auto options =
      calque::options(opt("abbreviations", &segments::abbreviations, "[]",
                          "words after whose stop a sentence goes on, beside the built-in ones: [\"Cde.\", \"Ges.\"]"));

  void prepare() { breaker_ = std::make_unique<sentence_breaker>(abbreviations); }

  void run(document_view document, marks &out, const call &host) const {
    out.touch("calque.segment/1");
    for (const auto &block : plugins::text_blocks(document)) {
      if (block.flow == plugins::flow::field) continue;
      for (const sentence &s : breaker_->split(document.text(block.range)))
        out.span("calque.segment/1", "sentence", {block.range.begin + s.begin, block.range.begin + s.end})
            .text("rule", s.rule);
      host.progress(block.range.end, document.text().size());
    }
  }

 private:
  std::unique_ptr<sentence_breaker> breaker_;
};

}  // namespace calque::segments

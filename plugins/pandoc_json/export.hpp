// SPDX-License-Identifier: Apache-2.0
// The exporter of pandoc's JSON: what pandoc has in its own terms, the rest as Divs and Spans that come back.
#pragma once

#include <calque/calque.hpp>

namespace pandoc_json {

struct exporter : calque::exporter {
  enum class api_version { v1_22, v1_23 };
  api_version api = api_version::v1_22;

  static constexpr calque::stage_info info{"calque.pandoc_json", "1.0.0",
                                           "Pandoc's tree as JSON, for all that pandoc writes", CALQUE_REENTRANT};
  static constexpr auto options = calque::options(
      calque::opt("api", &exporter::api, "\"1.22\"", "The version to write: 1.22 for pandoc 2.11 to 2.19, 1.23 for pandoc 3",
                  calque::choices("1.22", "1.23")));
  static constexpr auto codes = calque::codes(
      calque::code("pandoc_json.code-formatting-not-expressed",
                   "Code and raw blocks are plain strings: the words are there, not their look.", calque::thing::span),
      calque::code("pandoc_json.alt-flattened", "The text of an image is one line; its paragraphs are joined with blanks.",
                   calque::thing::span),
      calque::code("pandoc_json.page-not-expressed", "A page begins within code, where no mark can stand.",
                   calque::thing::page, calque::effect::dropped, calque::level::warning),
      calque::code("pandoc_json.language-not-expressed", "The language of words within code is not said.",
                   calque::thing::language, calque::effect::dropped, calque::level::warning),
      calque::code("pandoc_json.layer-not-expressed", "Annotations that do not travel as spans are left out.",
                   calque::thing::layer, calque::effect::dropped),
      calque::code("pandoc_json.resource-not-expressed", "A blob that no image names has no place in pandoc's tree.",
                   calque::thing::image, calque::effect::dropped, calque::level::warning));
  static constexpr auto accepts = calque::list("application/json", "*.pandoc");
  static constexpr auto used_layers =
      calque::list("calque.page/1", "calque.line/1", "calque.language/1", "calque.editorial/1", "calque.date/1",
                   "calque.name/1", "calque.term/1");

  void run(calque::document_view, calque::output &, const calque::call &) const;
};

}  // namespace pandoc_json

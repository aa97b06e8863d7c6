// SPDX-License-Identifier: Apache-2.0
// The importer of pandoc's JSON: every string leads back to its bytes in the file.
#pragma once

#include <calque/calque.hpp>

namespace pandoc_json {

struct importer : calque::importer {
  static constexpr calque::stage_info info{"calque.pandoc_json", "1.0.0", "Pandoc's tree as JSON, API 1.21 to 1.23",
                                           CALQUE_TILED | CALQUE_REENTRANT};
  static constexpr auto codes = calque::codes(
      calque::code("pandoc_json.syntax", "Brackets, names and values of the JSON that became the tree and its attributes."),
      calque::code("pandoc_json.citation", "What a citation refers to; kept as the attribute pandoc.citations."),
      calque::code("pandoc_json.attribute-repeated", "An element has a key twice; the first value stands.",
                   calque::thing::span, calque::effect::dropped, calque::level::warning),
      calque::code("pandoc_json.part-attributes-dropped",
                   "Attributes of a whole head, body or foot of a table; the document has none to put them on.",
                   calque::thing::table, calque::effect::dropped, calque::level::warning),
      calque::code("pandoc_json.mark-not-understood",
                   "A span claims to be an annotation, but its layer, kind or values are none that travel so; it is a span.",
                   calque::thing::span, calque::effect::none, calque::level::warning),
      calque::code("pandoc_json.reference-dropped", "An annotation referred to another one that is not in the file.",
                   calque::thing::layer, calque::effect::changed, calque::level::warning),
      calque::code("pandoc_json.invalid", "The file is refused: it is no JSON, or a limit is reached.",
                   calque::thing::text, calque::effect::none, calque::level::error),
      calque::code("pandoc_json.not-pandoc", "The file is refused: it is JSON, but not a document of pandoc's.",
                   calque::thing::text, calque::effect::none, calque::level::error),
      calque::code("pandoc_json.api-version", "The file is refused: it is of a version of pandoc's that is not read.",
                   calque::thing::text, calque::effect::none, calque::level::error),
      calque::code("pandoc_json.wrong-shape", "The file is refused: an element is not as pandoc writes it.",
                   calque::thing::text, calque::effect::none, calque::level::error));
  static constexpr auto accepts = calque::list("application/json", "*.json");
  static constexpr auto written_layers =
      calque::list("calque.page/1", "calque.line/1", "calque.language/1", "calque.editorial/1", "calque.date/1",
                   "calque.name/1", "calque.term/1");

  static int probe(const calque::probe &);
  void run(const calque::input &, calque::builder &, const calque::call &) const;
};

}  // namespace pandoc_json

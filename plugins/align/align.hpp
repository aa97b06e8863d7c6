// SPDX-License-Identifier: Apache-2.0
// The stage calque.align: writes which segments of a translation belong to which of the original.
#pragma once

#include <calque/calque.hpp>

namespace calque::align {

struct align : annotator {
  static constexpr stage_info info{"calque.align", "0.1.0",
                                   "Ties the segments of the versions of a bilingual document, with scores"};
  static constexpr auto required_layers = list("calque.segment/1");
  static constexpr auto used_layers = list("calque.name/1", "calque.term/1", "calque.date/1");
  static constexpr auto written_layers = list("calque.alignment/1");
  static constexpr auto codes = calque::codes(
      code("align.no-versions",
           "The document has no `version`, so there is nothing to align. The importer makes versions of what a source "
           "marks as such.",
           thing::layer, effect::none, level::warning),
      code("align.one-version", "A version stands alone: there is no other beside it that it could be aligned with.",
           thing::layer, effect::none, level::warning),
      code(
          "align.many-versions",
          "More than two versions stand beside each other. The first is the source, and each other is aligned with it.",
          thing::layer, effect::none, level::info),
      code("align.no-segments",
           "A version has no sentences in calque.segment/1; all that the other has stays unaligned.", thing::layer,
           effect::none, level::warning),
      code("align.unsure", "Links whose score is below the threshold. They are in the layer; somebody should look.",
           thing::span, effect::none, level::warning),
      code("align.unaligned", "Segments that have no counterpart. Each has an annotation of the kind `unaligned`.",
           thing::span, effect::none, level::info),
      code("align.too-many-segments", "A version has more segments than max_segments (50,000).", thing::layer,
           effect::none, level::error));

  double threshold = 0.5;
  static constexpr auto options = calque::options(
      opt("threshold", &align::threshold, "0.5", "links with a lower score are counted in a warning", bounds{0, 1}));

  void run(document_view, marks &, const call &) const;
};

}  // namespace calque::align

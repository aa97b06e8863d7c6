// SPDX-License-Identifier: Apache-2.0
// The stage that finds lists.
#pragma once

#include <calque/calque.hpp>

namespace calque::plugins {

struct lists : normalizer {
  bool bullets = true, numbers = true;

  static constexpr stage_info info{"calque.lists", "1.0.0", "Paragraphs in a row that are typed as items to lists",
                                   CALQUE_REENTRANT};
  static constexpr auto options =
      calque::options(opt("bullets", &lists::bullets, "true", "Rows that begin with dots or dashes are lists"),
                      opt("numbers", &lists::numbers, "true", "Rows that begin with numbers or letters are lists"));
  static constexpr auto codes = calque::codes(
      code("lists.found", "Paragraphs in a row were typed as items and are a list now.", thing::item, effect::changed),
      code("lists.marker", "The marker of an item, as printed, is the item's label now.", thing::text, effect::changed),
      code("lists.line-end", "A line end between two items; the tree parts them now.", thing::text, effect::changed));

  void run(document_view document, rewrite &out, const call &c) const;
};

}  // namespace calque::plugins

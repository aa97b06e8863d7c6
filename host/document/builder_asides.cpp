// SPDX-License-Identifier: Apache-2.0
// Moves each aside right behind the block that holds its anchor, with text, origins and marks.
#include "host/document/aside_places.hpp"
#include "host/document/builder.hpp"
#include "host/document/pieces.hpp"

#include <algorithm>

namespace calque::host {

void builder::put_asides_in_place(document_sections &sections) {
  const auto text_size = static_cast<uint32_t>(sections.text->size());
  placed_asides placed = place_asides(sections, shared_.within.max_depth, {});
  if (!placed.problem.empty()) shared_.misuse("builder.aside", placed.problem);
  if (!placed.changed) return;
  // The text in its new order, as a rewrite that only moved leaves would have made it: so marks follow one set of
  // rules.
  std::sort(placed.leaves.begin(), placed.leaves.end(),
            [](const placed_leaf &a, const placed_leaf &b) { return a.now < b.now; });
  std::vector<piece> pieces;
  for (const placed_leaf &leaf : placed.leaves)
    pieces.push_back({leaf.begin, leaf.end, leaf.now, leaf.now + (leaf.end - leaf.begin), true, false});
  sections.origins =
      std::make_shared<const origin_columns>(compose_origins(sections.origins->view(), text_size, pieces));
  const span_map moved(pieces);
  layers_.each_row([&](annotation_row &row) {
    if (row.node != CALQUE_NONE) return;
    const span_map::target now =
        row.begin == row.end ? moved.point(row.begin, row.side == CALQUE_BEFORE) : moved.span(row.begin, row.end);
    row.begin = now.begin;
    row.end = now.end;
  });
}

}  // namespace calque::host

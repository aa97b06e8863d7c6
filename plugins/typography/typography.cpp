// SPDX-License-Identifier: Apache-2.0
// The normalizer for a house style. It does nothing unless an option asks for it: archives keep what is printed.
#include "plugins/typography/house_style.hpp"

#include <calque/calque.hpp>

namespace calque::plugins {

struct typography : normalizer {
  quote_style quotes = quote_style::keep;
  dash_style dashes = dash_style::keep;
  ellipsis_style ellipsis = ellipsis_style::keep;
  space_style spaces = space_style::keep;

  static constexpr stage_info info{"calque.typography", "1.0.0",
                                   "Quotes, dashes, ellipses and spaces of a house style; off unless asked",
                                   CALQUE_REENTRANT};
  static constexpr auto options = calque::options(
      opt("quotes", &typography::quotes, "\"keep\"", "Straight quotes to curly ones, or back",
          choices("keep", "curly", "straight")),
      opt("dashes", &typography::dashes, "\"keep\"", "Hyphens that stand for dashes to dashes, or back",
          choices("keep", "dashes", "hyphens")),
      opt("ellipsis", &typography::ellipsis, "\"keep\"", "Three dots to one character, or back; never in [...]",
          choices("keep", "character", "dots")),
      opt("spaces", &typography::spaces, "\"keep\"", "Narrow no-break spaces as French sets them, or plain spaces only",
          choices("keep", "french", "plain")));
  static constexpr auto codes = calque::codes(
      code("typography.quotes", "A quotation mark or apostrophe was changed to the style that was asked for.",
           thing::text, effect::changed),
      code("typography.dashes", "A dash was changed to the style that was asked for.", thing::text, effect::changed),
      code("typography.ellipsis", "An ellipsis was changed to the style that was asked for.", thing::text,
           effect::changed),
      code("typography.spaces", "A space was changed to the style that was asked for.", thing::text, effect::changed));

  void run(document_view document, rewrite &out) const {
    const house_style style{quotes, dashes, ellipsis, spaces};
    if (style.asks_nothing()) return;
    // A quote needs its neighbours, so a block is read whole; an edit lies in one leaf, as no mark spans two.
    for (const node block : document.nodes()) {
      if (!block.is_text_block() || block.is(kind::code_block) || block.is(kind::raw_block)) continue;
      const std::vector<style_edit> edits = apply_style(block.text(), style);
      const uint32_t base = block.range().begin;
      auto next = edits.begin();
      for (const node leaf : block.leaves()) {
        const uint32_t begin = leaf.range().begin - base, end = leaf.range().end - base;
        for (; next != edits.end() && next->begin < end; ++next)
          if (next->begin >= begin && next->end <= end && leaf.is(kind::text))
            out.edit(leaf, {base + static_cast<uint32_t>(next->begin), base + static_cast<uint32_t>(next->end)},
                     next->replacement, next->code);
      }
    }
  }
};

}  // namespace calque::plugins

CALQUE_PLUGIN("typography", "1.0.0", "Apache-2.0", "https://calque.example.org", calque::plugins::typography)

// SPDX-License-Identifier: Apache-2.0
// The normalizer for blanks: block by block, but never in code, verse lines' own spacing, formulas or raw markup.
#include "plugins/whitespace/blanks.hpp"

#include <calque/calque.hpp>

namespace calque::plugins {

struct whitespace : normalizer {
  enum class soft_hyphen_rule { keep, remove };
  bool keep_nbsp = true;
  soft_hyphen_rule soft_hyphens = soft_hyphen_rule::keep;

  static constexpr stage_info info{"calque.whitespace", "1.0.0", "Runs of blanks to one, none at the ends of blocks",
                                   CALQUE_REENTRANT};
  static constexpr auto options =
      calque::options(opt("keep_nbsp", &whitespace::keep_nbsp, "true",
                          "Keep no-break spaces as they are; false: they are blanks like others and become spaces"),
                      opt("soft_hyphens", &whitespace::soft_hyphens, "\"keep\"", "Invisible hyphens inside words",
                          choices("keep", "remove")));
  static constexpr auto codes = calque::codes(
      code("whitespace.blanks", "Several blanks, or a tab, became one space.", thing::text, effect::changed),
      code("whitespace.block-begin", "Blanks at the begin of a block were taken out.", thing::text, effect::changed),
      code("whitespace.block-end", "Blanks at the end of a block were taken out.", thing::text, effect::changed),
      code("whitespace.beside-break", "Blanks beside a line break were taken out.", thing::text, effect::changed),
      code("whitespace.no-break-space", "A no-break space became a space, as asked.", thing::text, effect::changed),
      code("whitespace.soft-hyphen", "An invisible hyphen was taken out, as asked.", thing::text, effect::changed));

  void run(document_view document, rewrite &out) const { tidy(document.root(), out); }

 private:
  void tidy(node container, rewrite &out) const {
    std::vector<node> inlines;
    for (const node child : container.children()) {
      // Inlines may stand in a container of blocks directly: those in a row are a block of their own.
      const bool is_inline = child.is_leaf() || static_cast<uint16_t>(child.kind()) >= CALQUE_EMPHASIS;
      if (is_inline && static_cast<uint16_t>(child.kind()) < CALQUE_KIND_NAMED) {
        for (const node leaf : child.leaves()) inlines.push_back(leaf);
        continue;
      }
      tidy_block(inlines, out);
      inlines.clear();
      if (child.is(kind::code_block) || child.is(kind::raw_block)) continue;
      tidy(child, out);
    }
    tidy_block(inlines, out);
  }

  void tidy_block(const std::vector<node> &leaves, rewrite &out) const {
    if (leaves.empty()) return;
    std::vector<blank_leaf> seen;
    for (const node leaf : leaves) {
      using is = blank_leaf::is;
      seen.push_back({leaf.is(kind::text)         ? is::text
                      : leaf.is(kind::soft_break) ? is::soft_break
                      : leaf.is(kind::line_break) ? is::line_break
                                                  : is::other,
                      leaf.text()});
    }
    for (const blank_edit &e : tidy_blanks(seen, {keep_nbsp, soft_hyphens == soft_hyphen_rule::remove})) {
      const uint32_t base = leaves[e.leaf].range().begin;
      out.edit(leaves[e.leaf], {base + static_cast<uint32_t>(e.begin), base + static_cast<uint32_t>(e.end)},
               e.replacement, e.code);
    }
  }
};

}  // namespace calque::plugins

CALQUE_PLUGIN("whitespace", "1.0.0", "Apache-2.0", "https://calque.example.org", calque::plugins::whitespace)

// SPDX-License-Identifier: Apache-2.0
// The stage that finds headings.
#pragma once

#include <calque/calque.hpp>

namespace calque::plugins {

struct headings : normalizer {
  enum class level_rule { repair, keep };
  bool bold = true, capitals = true, numbers = true;
  level_rule levels = level_rule::repair;

  static constexpr stage_info info{"calque.headings", "1.0.0",
                                   "Lines that are only typed as headings to headings, and levels without jumps",
                                   CALQUE_REENTRANT};
  static constexpr auto options = calque::options(
      opt("bold", &headings::bold, "true", "A short line all in bold is a heading"),
      opt("capitals", &headings::capitals, "true", "A short line all in capitals is a heading"),
      opt("numbers", &headings::numbers, "true",
          "A short line that begins with a number, or with a word such as Chapter and a number, is a heading"),
      opt("levels", &headings::levels, "\"repair\"",
          "Repair: no heading is more than one level below the one that it belongs to", choices("repair", "keep")));
  static constexpr auto codes = calque::codes(
      code("headings.found", "A paragraph was typed as a heading and is one now.", thing::heading, effect::changed),
      code("headings.level", "A heading left out a level and was moved up.", thing::heading, effect::changed));

  void run(document_view document, rewrite &out, const call &c) const;
};

}  // namespace calque::plugins

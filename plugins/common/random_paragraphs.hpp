// SPDX-License-Identifier: Apache-2.0
// Seeded documents of lines that look like headings, items and cut words, for tests of the stages that look for such.
#pragma once

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include "tests/records/random.hpp"

namespace calque::plugins {

/// A document in the notation of calque::testing.
inline std::string random_paragraphs(uint64_t seed) {
  static constexpr std::string_view lines[] = {"I.",
                                               "II.",
                                               "1. Trade",
                                               "2. Peace",
                                               "3. Boats and tolls",
                                               "1.1 Rates",
                                               "1.2 Tolls",
                                               "ON THE TARIFFS",
                                               "LIN ZHAOHE",
                                               "{strong The harbour}",
                                               "{strong Peace}",
                                               "Part I",
                                               "Chapter 2",
                                               "Boats came by night.",
                                               "They left, and so did we.",
                                               "(a) one",
                                               "(b) two",
                                               "(c) three",
                                               "– a dash",
                                               "– another",
                                               "• a dot",
                                               "• more dots",
                                               "a) first",
                                               "b) second",
                                               "i. one",
                                               "ii. two",
                                               "4. Four.",
                                               "1) one",
                                               "2) two",
                                               "第一章",
                                               "The inter-␣national trade",
                                               "international rules",
                                               "a well-␣known fact",
                                               "co-⏎operation was cooperation",
                                               "a soft­hyphen",
                                               "{emphasis emp-}␣loyed men were employed",
                                               "- 12 -",
                                               "no",
                                               "1",
                                               "12. 5. 1951"};
  records::random choice(seed);
  // Half of the lines are the one that stands behind the last above: rows that count on would be rare by chance.
  size_t at = 0;
  auto line = [&] {
    at = choice.chance(50) ? (at + 1) % std::size(lines) : choice.next() % std::size(lines);
    return std::string(lines[at]);
  };
  std::string made;
  int notes = 0;
  for (int k = choice.between(2, 14); k > 0; --k) {
    std::string indent;
    const int shape = choice.between(0, 19);
    if (shape == 0) made += "heading level=" + std::to_string(choice.between(1, 6)) + ": A heading\n";
    if (shape == 1) made += "section\n", indent = "  ";
    if (shape == 2) made += "block_quote\n", indent = "  ";
    for (int j = indent.empty() ? 1 : choice.between(1, 4); j > 0; --j) {
      made += indent + "paragraph: " + line();
      if (choice.chance(20)) made += "␣" + line();
      if (choice.chance(15)) {
        const std::string number = std::to_string(++notes);
        made += "{anchor " + number + "}\n" + indent + "aside note " + number + "\n" + indent + "  paragraph: ";
        made += line();
      }
      made += "\n";
    }
  }
  return made;
}

}  // namespace calque::plugins

// SPDX-License-Identifier: Apache-2.0
// Numbers as values: digits of any script, Chinese numerals, and the words for thousand, million and billion.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace calque::align {

/// A number of a text in one form that is the same in every language: "1958", "2.5", "2500000".
struct number {
  std::string value;
  /// Up to twelve: often a word in the other language, so that its absence says little.
  bool is_small = false;
  bool operator==(const number &) const = default;
};

/// In order of the text. A Chinese numeral of one sign counts only where it cannot be the article "a": 第一, 三月.
std::vector<number> numbers_in(std::string_view text);

}  // namespace calque::align

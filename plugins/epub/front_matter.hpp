// SPDX-License-Identifier: Apache-2.0
// Files of a spine that say again what the book says of itself: the list of contents, the title page.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/epub/chapters.hpp"
#include "plugins/epub/opf.hpp"

namespace calque::plugins {

/// The name of what is a way into the book and no text.
constexpr std::string_view silent_navigation = "made navigation";

/// Whether a navigation document holds nothing but its lists and headings for them.
bool is_contents_alone(const markup &page);

/// Renames the lists of a navigation document that holds more, so that they are not read as text.
void silence_navigation(markup &page);

/// Words, as they are compared when looks do not matter.
class word_set {
 public:
  void add(std::string_view text);
  bool has_all(std::string_view text) const;

 private:
  std::set<std::string, std::less<>> words_;
};

/// Whether a file says that it is a title page, and has no word but these. What it shows beside words is not looked at.
bool is_told_title_page(const chapter &, const word_set &told);

}  // namespace calque::plugins

// SPDX-License-Identifier: Apache-2.0
// What a file declares is believed, but nothing is left out that is not said elsewhere.
#include "plugins/epub/front_matter.hpp"

#include <algorithm>
#include <utility>

#include "plugins/common/characters.hpp"

namespace calque::plugins {
namespace {

constexpr uint32_t none = markup_node::none;

/// Calls `take` with each word, folded; false as soon as that is false.
template <typename Take>
bool each_word(std::string_view text, Take take) {
  std::string word;
  const auto is_taken = [&] { return word.empty() || take(folded(std::exchange(word, {}))); };
  for (size_t at = 0; at < text.size();) {
    const char32_t c = next_character(text, at);
    if (is_word(c))
      append(word, c);
    else if (!is_taken())
      return false;
  }
  return is_taken();
}

bool is_shown_alone(std::string_view name) {
  static constexpr std::string_view names[] = {"audio",  "embed",   "iframe", "img",  "math:math",
                                               "object", "svg:svg", "table",  "video"};
  return std::binary_search(std::begin(names), std::end(names), name);
}

}  // namespace

bool is_contents_alone(const markup &page) {
  const uint32_t body = page.find("body").value_or(0);
  for (uint32_t k = body; k != none;) {
    const markup_node &node = page[k];
    if (node.name == "nav" || is_silent_name(node.name) || heading_level(node.name) != 0) {
      k = page.after(k, body);
      continue;
    }
    if (is_shown_alone(node.name)) return false;
    for (const text_piece &piece : node.pieces)
      if (!is_blank_text(piece.text)) return false;
    k = page.next_in_order(k, body);
  }
  return true;
}

void silence_navigation(markup &page) {
  for (uint32_t k = 0; k != none; k = page.next_in_order(k, 0))
    if (page[k].name == "nav") page.edit(k).name = silent_navigation;
}

void word_set::add(std::string_view text) {
  each_word(text, [&](std::string word) {
    words_.insert(std::move(word));
    return true;
  });
}

bool word_set::has_all(std::string_view text) const {
  return each_word(text, [&](const std::string &word) { return words_.count(word) != 0; });
}

bool is_told_title_page(const chapter &page, const word_set &told) {
  const auto is_said = [&](const markup_node &node) {
    return node.has_word("epub:type", "titlepage") || node.has_word("epub:type", "halftitlepage");
  };
  // The body says so, or the one element that holds all of it.
  uint32_t top = page.body();
  while (!is_said(page[top])) {
    uint32_t only = none;
    for (uint32_t k = page[top].first; k != none; k = page[k].next) {
      if (page[k].is_text() && page.tree.is_blank(k)) continue;
      if (only != none || page[k].is_text()) return false;
      only = k;
    }
    if (only == none) return false;
    top = only;
  }
  // Blocks end words.
  for (uint32_t k = top; k != none; k = page.tree.next_in_order(k, top))
    for (const text_piece &piece : page[k].pieces)
      if (!told.has_all(piece.text)) return false;
  return true;
}

}  // namespace calque::plugins

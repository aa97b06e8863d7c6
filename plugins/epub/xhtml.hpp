// SPDX-License-Identifier: Apache-2.0
// XHTML to a document: blocks, inlines, tables, lists, notes at their calls, images with their texts, pages.
#pragma once

#include <calque/builder.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/epub/chapters.hpp"

namespace calque::plugins {

/// What a writer needs of the book around it.
struct xhtml_setting {
  const std::vector<chapter> &chapters;
  const book_ties &ties;
  /// Takes an image in; the name of the resource, or nothing when it is not there.
  std::function<std::string(std::string_view path)> image;
  /// Takes a drawing that stands in the text in; the name of the resource.
  std::function<std::string(std::string_view path, std::string_view bytes)> drawing;
  /// Told of what is left out: an element of sound, moving image, or another program's.
  std::function<void(source_range, std::string_view element)> medium;
  /// Whether the book is one of ours, with its elements named after the nodes that they were.
  bool is_own = false;
};

/// What the files hold, counted on their trees apart from writing them.
struct xhtml_counts {
  uint64_t letters = 0, notes = 0, tables = 0, images = 0, links = 0, pages = 0, headings = 0, items = 0;
};

/// Letters and digits, as the loss ledger counts them.
uint64_t count_letters(std::string_view utf8);

xhtml_counts count_chapter(const xhtml_setting &, uint32_t chapter);

/// Writes what chapter number `chapter` shows into what is open. Notes that it calls are asides of it, with the notes
/// that those call. Returns the letters of bytes that were skipped.
uint64_t write_chapter(builder &, const xhtml_setting &, uint32_t chapter);

/// Writes the record of an edition of ours as fields, then what all its files hold as one text. Returns the letters of
/// bytes that were skipped.
uint64_t write_own_edition(builder &, const xhtml_setting &);

/// Language and direction of an element, as attributes of the node written last.
void put_language(builder &, const markup_node &);

/// Whether a drawing's own words, or an image's, are to be had.
bool is_drawing(const markup_node &);

}  // namespace calque::plugins

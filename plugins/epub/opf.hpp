// SPDX-License-Identifier: Apache-2.0
// The package of a book: which files it has, in which order they are read, and what it says of itself.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/epub/markup.hpp"

namespace calque::plugins {

struct manifest_item {
  std::string id, path, media_type, properties, fallback;
  bool is_outside = false;  // its reference leads out of the book
  source_range where;       // of its tag in the package
};

struct spine_item {
  std::string id;
  bool is_linear = true;
  source_range where;
};

struct book_package {
  std::string path;
  uint32_t source = 0;
  markup tree;
  std::vector<manifest_item> manifest;
  std::map<std::string, size_t, std::less<>> by_id;  // index in the manifest
  std::vector<spine_item> spine;
  std::string ncx, cover, direction;  // ncx, cover: ids; direction: of pages, "rtl" or "ltr"

  const manifest_item *item(std::string_view id) const {
    const auto found = by_id.find(id);
    return found == by_id.end() ? nullptr : &manifest[found->second];
  }
  const manifest_item *item_at(std::string_view path) const;
  const manifest_item *item_with(std::string_view property) const;
};

book_package read_package(std::string path, uint32_t source, markup tree);

/// What a list of contents or of pages names: where it leads, and the words for it.
struct book_place {
  std::string path, fragment, label;
};
struct book_navigation {
  std::vector<book_place> contents, pages;
};

/// Of EPUB 3 (a nav element) or of EPUB 2 (NCX).
book_navigation read_navigation(std::string_view path, const markup &);

/// One value of metadata: the key, the words, and what else is said of them.
struct book_field {
  std::string key, label, language, direction;
  std::string text;
  source_range where;             // of words that stand in an attribute
  uint32_t node = CALQUE_NONE;    // whose pieces are the words
  std::vector<std::pair<std::string, std::string>> attributes;
};

/// All that the package says of the book, in its order; what refines something else is an attribute of that.
std::vector<book_field> read_fields(const book_package &);

}  // namespace calque::plugins

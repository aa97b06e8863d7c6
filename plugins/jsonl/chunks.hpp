// SPDX-License-Identifier: Apache-2.0
// The text of a document in pieces that are packed into chunks: what a search engine is given.
#pragma once

#include "../common/edition.hpp"

#include <calque/calque.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace jsonl {

/// What a chunk is made of: the document's own fields, its main flow, or its notes.
enum class chunk_kind { record, text, note };

/// A stretch of text that is kept together where there is room: a paragraph, a row of a table.
struct piece {
  std::vector<calque::text_range> parts;  // of the document's text; a row has one a cell
  std::string label;                      // before it: the label of a field
  uint32_t node_id = 0;
  std::string_view language, speaker;
  std::vector<std::string> section;       // headings, from the outermost one
  bool begins_section = false;
  chunk_kind kind = chunk_kind::text;
};

struct chunk {
  std::string text;
  std::vector<calque::text_range> ranges;  // of what it holds, overlap included
  uint32_t node_id = 0;
  std::string_view language;
  std::vector<std::string_view> speakers;
  std::vector<std::string> section;
  chunk_kind kind = chunk_kind::text;
};

/// All text of a document, in reading order: fields, main flow, notes after the section that calls them.
std::vector<piece> pieces_of(calque::document_view, const edition::reading &);

/// Pieces packed to `size` characters; one that is longer is cut at blanks. A chunk keeps to one section, one
/// language and one kind. Within a section it repeats up to `overlap` characters of the chunk before it.
std::vector<chunk> pack(calque::document_view, const std::vector<piece> &, size_t size, size_t overlap);

}  // namespace jsonl

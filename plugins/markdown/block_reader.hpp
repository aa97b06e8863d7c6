// SPDX-License-Identifier: Apache-2.0
// The block pass: which lines are which blocks, and the definitions of links and notes.
#pragma once

#include "plugins/markdown/syntax.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace markdown {

enum class block_kind : uint8_t {
  document, quote, list, item, definition_list, definition, note, division,  // containers
  paragraph, heading, code, html, rule, table, term                          // hold lines
};
constexpr bool is_container(block_kind k) { return k <= block_kind::division; }

/// A line's own part, without the marks of the containers around it. Offsets into the text that was read.
struct line_part {
  uint32_t begin, end;  // without the line end
  uint32_t next;        // where the line after it begins
  uint32_t pad = 0;     // blanks that a tab gives, which ends at `begin`
};

constexpr uint32_t no_block = UINT32_MAX;

struct block {
  block_kind kind;
  bool is_open = true, is_loose = false, ends_blank = false;
  bool is_fenced = false, is_setext = false, is_ordered = false;
  char mark = 0;       // of a list, a fence
  uint8_t level = 0;   // heading; html: the kind of its begin
  uint32_t parent = no_block, first = no_block, last = no_block, next = no_block, previous = no_block;
  uint32_t first_line = 0, line_count = 0;
  uint32_t begin = 0, end = 0;  // in the text; end is set when it is closed
  uint32_t number = 0;          // first number of a list; index of a note or of a block's attributes
  uint32_t indent = 0;          // columns that belong to an item's mark, or a fence's indentation
  uint32_t length = 0;          // of a fence
  uint32_t start = 0;           // line number that it begins at
  uint32_t info_begin = 0, info_end = 0;
};

struct link_definition {
  std::string target, title;
  bool has_title = false;
};

struct block_tree {
  std::string_view text;
  std::vector<block> blocks;  // 0: the document
  std::vector<line_part> lines;
  std::unordered_map<std::string, link_definition> links;
  std::unordered_map<std::string, uint32_t> notes;  // label → block
  std::vector<attributes> attributes_of_divisions;
};

/// `from`: where the first block may begin, behind front matter.
block_tree read_blocks(std::string_view text, size_t from);

}  // namespace markdown

// SPDX-License-Identifier: Apache-2.0
// What the importer makes of each TEI element.
#pragma once

#include <calque/calque.hpp>

#include <string_view>

namespace tei {

enum class role : uint8_t {
  container,    // blocks, or loose text
  text_block,   // text and inlines; blocks in it part it
  inlines,      // in a line; a container where it holds blocks
  transparent,  // its children stand in its place
  note,
  page_begin,
  line_begin,
  graphic,
  figure,
  table,
  list,
  formula,
  verbatim,  // text whose blanks count
  choice,    // one reading in the text, the others beside it
  header,
  anchor,
  unknown
};

struct element_rule {
  std::string_view name;
  tei::role role;
  calque::kind kind;  // what it becomes where its role leaves that open
};

/// The rule of an element; of role `unknown` for one that has none.
const element_rule &rule_of(std::string_view name);

/// True for what TEI knows as a block wherever it stands.
bool is_block_rule(const element_rule &);

}  // namespace tei

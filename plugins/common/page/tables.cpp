// SPDX-License-Identifier: Apache-2.0
// Tables of a page: whatever the rows hold, they become a grid.
#include "plugins/common/page/page_writer.hpp"

#include <algorithm>

namespace edition {

using calque::kind;

void page_writer::table(node n) {
  std::vector<node> rows, late;
  std::optional<node> caption;
  for (node child : n.children()) {
    if (child.is(kind::row))
      rows.push_back(child);
    else if (child.is(kind::caption) && rows.empty() && !caption)
      caption = child;
    else
      late.push_back(child);
  }
  // XHTML wants a row in each table; where there is none, its parts stand in a neutral element.
  const bool is_table = !form_.is_xml || !rows.empty();
  const std::string_view element = is_table ? "table" : "div";
  open_block(n, element, is_table ? "" : " class=\"table\"");
  out_ += '\n';
  if (caption) text_block(*caption, is_table ? "caption" : "p", is_table ? "" : " class=\"caption\"");
  // The widest row decides; others are filled up.
  uint32_t columns = 1;
  for (node row : rows) {
    uint32_t width = 0;
    for (node cell : row.children())
      if (!cell.is(kind::aside)) width += std::max<uint32_t>(1, number_of(cell.attr("colspan"), 1, 100));
    columns = std::max(columns, width);
  }
  std::vector<uint32_t> taken(columns, 0);
  for (size_t k = 0; k < rows.size(); ++k) row(rows[k], taken, columns, static_cast<uint32_t>(rows.size() - k));
  close_block(element);
  for (node child : late) children(n, child.index(), child.end_index());
}

/// `taken`: the rows that a cell above still reaches into, by column.
void page_writer::row(node n, std::vector<uint32_t> &taken, uint32_t columns, uint32_t rows_left) {
  open_block(n, "tr");
  uint32_t column = 0;
  bool has_cell = false;
  auto skip_taken = [&] {
    while (column < taken.size() && taken[column] > 0) --taken[column++];
  };
  for (node cell : n.children()) {
    if (cell.is(kind::aside)) {
      loose_aside(cell);
      continue;
    }
    skip_taken();
    has_cell = true;
    const bool is_header = cell.attr("header").value_or("false") != "false";
    // A cell reaches to the right only over free columns, and down only to the last row.
    uint32_t across = std::max<uint32_t>(1, number_of(cell.attr("colspan"), 1, 100)), free = 0;
    while (free < across && column + free < taken.size() && taken[column + free] == 0) ++free;
    across = std::max<uint32_t>(1, free);
    const uint32_t down = std::clamp<uint32_t>(number_of(cell.attr("rowspan"), 1, 10000), 1, rows_left);
    if (column + across > taken.size()) taken.resize(column + across, 0);
    std::string attributes = is_header ? " scope=\"col\"" : "";
    if (across > 1) attributes += attribute("colspan", std::to_string(across));
    if (down > 1) attributes += attribute("rowspan", std::to_string(down));
    const std::string_view element = is_header ? "th" : "td";
    if (is_inline(cell)) {
      start(element, attributes);
      inlines(cell.index(), cell.end_index(), n.range());
      end(element);
    } else if (end_of_inlines(document_, cell, cell.index() + 1) == cell.end_index()) {
      text_block(cell, element, attributes);
    } else {
      container(cell, element, attributes);
    }
    for (uint32_t k = 0; k < across; ++k) taken[column + k] = down - 1;
    column += across;
  }
  for (skip_taken(); column < columns; skip_taken()) {
    out_ += "<td></td>";
    has_cell = true;
    ++column;
  }
  // XHTML wants a cell in each row, also in one that cells from above fill.
  if (form_.is_xml && !has_cell) out_ += "<td></td>";
  close_block("tr");
}

}  // namespace edition

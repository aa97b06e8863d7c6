// SPDX-License-Identifier: Apache-2.0
// Lists of a page. What stands in a list and is no item of it gets one.
#include "plugins/common/page/page_writer.hpp"

namespace edition {

using calque::kind;

uint32_t page_writer::end_of_child(node parent, uint32_t first) const {
  const node child = document_.at(first);
  return is_inline(child) ? end_of_inlines(document_, parent, first) : child.end_index();
}

void page_writer::list(node n) {
  const bool is_ordered = n.is(kind::ordered_list);
  std::string attributes;
  if (const uint32_t first = number_of(n.attr("start"), 1, 999999); is_ordered && first != 1)
    attributes = attribute("start", std::to_string(first));
  constexpr std::pair<std::string_view, std::string_view> types[] = {
      {"lower_alpha", "a"}, {"upper_alpha", "A"}, {"lower_roman", "i"}, {"upper_roman", "I"}};
  for (const auto &[style, type] : types)
    if (is_ordered && n.attr("style") == style) attributes += attribute("type", type);
  const std::string_view element = is_ordered ? "ol" : "ul";
  open_block(n, element, attributes);
  out_ += '\n';
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    const uint32_t after = end_of_child(n, i);
    if (child.is(kind::list_item)) {
      container(child, "li");
    } else if (child.is(kind::aside)) {
      loose_aside(child);
    } else {
      out_ += "<li>";
      children(n, i, after);
      out_ += "</li>\n";
    }
    i = after;
  }
  close_block(element);
}

/// A term has a definition and a definition a term, be they empty.
void page_writer::definitions(node n) {
  open_block(n, "dl");
  out_ += '\n';
  bool has_term = false, has_definition = false;
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    const uint32_t after = end_of_child(n, i);
    if (child.is(kind::term)) {
      text_block(child, "dt");
      has_term = true, has_definition = false;
    } else if (child.is(kind::aside)) {
      loose_aside(child);
    } else {
      if (!has_term) out_ += "<dt></dt>\n";
      has_term = has_definition = true;
      if (child.is(kind::definition)) {
        container(child, "dd");
      } else {
        out_ += "<dd>";
        children(n, i, after);
        out_ += "</dd>\n";
      }
    }
    i = after;
  }
  if (has_term && !has_definition) out_ += "<dd></dd>\n";
  close_block("dl");
}

}  // namespace edition

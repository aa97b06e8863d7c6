// SPDX-License-Identifier: Apache-2.0
// Blocks of a fragment. There are no ids and classes but those that the document brings along.
#include "fragment.hpp"

#include <algorithm>
#include <charconv>

namespace html {

using calque::kind;

std::string fragment_writer::write() {
  out_.reserve(document_.text().size() + document_.text().size() / 2);
  find_asides();
  children(document_.root());
  notes();
  fresh_line();
  account_for();
  return std::move(out_);
}

void fragment_writer::find_asides() {
  for (node n : document_.nodes()) {
    if (!n.is(kind::aside)) continue;
    const auto anchor = n.attr("anchor").value_or("");
    uint32_t id = CALQUE_NONE;
    std::from_chars(anchor.data(), anchor.data() + anchor.size(), id);
    asides_[id].push_back(n.index());
  }
}

void fragment_writer::children(node parent, bool is_tight) {
  run(parent, parent.index() + 1, parent.end_index(), is_tight);
}

void fragment_writer::run(node parent, uint32_t first, uint32_t end, bool is_tight) {
  for (uint32_t i = first; i < end;) {
    const node n = document_.at(i);
    if (const uint32_t after = edition::end_of_inlines(document_, parent, i); after > i) {
      inlines(i, after);
      i = after;
      continue;
    }
    if (n.is(kind::aside)) {
      // Fields are no part of a body; notes stand at the end of it.
      if (n.attr("role") == "field") left_out_.push_back(n);
    } else {
      block(n, is_tight);
    }
    i = n.end_index();
  }
}

void fragment_writer::block(node n, bool is_tight) {
  switch (n.kind()) {
    case kind::paragraph:
      if (!is_tight) return element(n, "p");
      return inlines(n.index() + 1, n.end_index());
    case kind::heading:
      return heading(n);
    case kind::block_quote:
      return container(n, "blockquote");
    case kind::bullet_list:
    case kind::ordered_list:
      return list(n);
    case kind::definition_list:
      fresh_line();
      out_ += "<dl" + attributes_of(n) + ">\n";
      for (node child : n.children()) {
        if (child.is(kind::term)) {
          element(child, "dt");
        } else if (child.is(kind::definition)) {
          fresh_line();
          out_ += "<dd" + attributes_of(child) + ">";
          const bool tight = n.attr("tight") == "true";
          if (!tight) out_ += '\n';
          children(child, tight);
          out_ += "</dd>\n";
        } else {
          run(n, child.index(), child.end_index(), false);
        }
      }
      out_ += "</dl>\n";
      return;
    case kind::table:
      return table(n);
    case kind::code_block:
      return code_block(n);
    case kind::raw_block:
      if (!raw_html_ || n.attr("format") != "html") return code_block(n);
      fresh_line();
      inlines(n.index() + 1, n.end_index());
      return fresh_line();
    case kind::rule:
      fresh_line();
      if (n.end_index() > n.index() + 1) return element(n, "p");
      out_ += "<hr" + attributes_of(n) + " />\n";
      return;
    case kind::figure:
      return container(n, "figure");
    case kind::caption:
      return element(n, "figcaption");
    case kind::line_block:
    case kind::section:
    case kind::division:
    case kind::version:
    case kind::attachment:
    case kind::speech:
      return container(n, "div");
    case kind::subtitle:
    case kind::speaker:
    case kind::stage_direction:
    case kind::line:
    case kind::term:
      return element(n, "p");
    default:
      if (static_cast<uint16_t>(n.kind()) >= CALQUE_KIND_NAMED) not_expressed_.emplace(n.index(), "html.unknown-kind");
      return n.is_text_block() ? element(n, "p") : container(n, "div");
  }
}

void fragment_writer::element(node n, std::string_view name, std::string_view attributes) {
  fresh_line();
  ((out_ += '<') += name) += attributes;
  out_ += attributes_of(n);
  out_ += '>';
  inlines(n.index() + 1, n.end_index());
  ((out_ += "</") += name) += ">\n";
}

void fragment_writer::container(node n, std::string_view name, std::string_view attributes) {
  fresh_line();
  ((out_ += '<') += name) += attributes;
  out_ += attributes_of(n);
  out_ += ">\n";
  children(n);
  fresh_line();
  ((out_ += "</") += name) += ">\n";
}

void fragment_writer::heading(node n) {
  const auto level = n.attr("level").value_or("1");
  const char digit = level.size() == 1 && level[0] >= '1' && level[0] <= '6' ? level[0] : level.size() == 1 && level[0] < '1' ? '1' : '6';
  const char name[] = {'h', digit, '\0'};
  element(n, name);
}

void fragment_writer::code_block(node n) {
  fresh_line();
  out_ += "<pre" + attributes_of(n) + "><code";
  if (auto info = n.attr("info")) {
    const std::string_view word = info->substr(0, info->find_first_of(" \t\r\n"));
    if (!word.empty()) out_ += attribute("class", "language-" + std::string(word));
  }
  out_ += '>';
  for (node leaf : n.leaves()) {
    if (leaf.is_leaf()) text(leaf);
    for (uint32_t aside : asides_of(leaf)) put_off(aside, false);
  }
  if (n.end_index() > n.index() + 1 && !out_.ends_with('\n') && !out_.ends_with('>')) out_ += '\n';
  out_ += "</code></pre>\n";
}

void fragment_writer::list(node n) {
  const bool is_ordered = n.is(kind::ordered_list), is_tight = n.attr("tight") == "true";
  fresh_line();
  out_ += is_ordered ? "<ol" : "<ul";
  if (auto start = n.attr("start"); is_ordered && start && *start != "1") out_ += attribute("start", *start);
  out_ += attributes_of(n);
  out_ += ">\n";
  for (node child : n.children()) {
    if (child.is(kind::aside)) {
      run(n, child.index(), child.end_index(), false);
      continue;
    }
    fresh_line();
    out_ += "<li";
    if (child.is(kind::list_item)) out_ += attributes_of(child);
    out_ += '>';
    std::string box;
    if (auto checked = child.attr("checked"))
      box = *checked == "true" ? "<input checked=\"\" disabled=\"\" type=\"checkbox\"> " : "<input disabled=\"\" type=\"checkbox\"> ";
    if (!child.is(kind::list_item)) {
      run(n, child.index(), child.end_index(), is_tight);
    } else {
      const size_t begin = out_.size();
      children(child, is_tight);
      if (!box.empty()) {
        const bool in_paragraph = std::string_view(out_).substr(begin).starts_with("\n<p>");
        out_.insert(begin + (in_paragraph ? 4 : 0), box);
      }
    }
    out_ += "</li>\n";
  }
  out_ += is_ordered ? "</ol>\n" : "</ul>\n";
}

void fragment_writer::table(node n) {
  fresh_line();
  out_ += "<table" + attributes_of(n) + ">\n";
  enum class part { none, head, body } in = part::none;
  for (node row : n.children()) {
    if (row.is(kind::caption) && in == part::none) {
      element(row, "caption");
      continue;
    }
    if (!row.is(kind::row)) {
      run(n, row.index(), row.end_index(), false);
      continue;
    }
    bool is_header = in != part::body && row.end_index() > row.index() + 1;
    for (node c : row.children()) is_header = is_header && (c.is(kind::aside) || c.attr("header") == "true");
    const part wanted = is_header ? part::head : part::body;
    if (wanted != in) {
      if (in == part::head) out_ += "</thead>\n";
      out_ += wanted == part::head ? "<thead>\n" : "<tbody>\n";
      in = wanted;
    }
    out_ += "<tr" + attributes_of(row) + ">\n";
    for (node c : row.children()) {
      if (c.is(kind::aside))
        run(row, c.index(), c.end_index(), false);
      else
        cell(c, c.attr("header") == "true" ? "th" : "td");
    }
    out_ += "</tr>\n";
  }
  if (in != part::none) out_ += in == part::head ? "</thead>\n" : "</tbody>\n";
  out_ += "</table>\n";
}

void fragment_writer::cell(node n, std::string_view name) {
  (out_ += '<') += name;
  for (std::string_view key : {"align", "colspan", "rowspan"})
    if (auto value = n.attr(key); value && *value != "1") out_ += attribute(key, *value);
  out_ += attributes_of(n);
  out_ += '>';
  if (edition::is_inline(n))
    inlines(n.index(), n.end_index());
  else
    children(n);
  ((out_ += "</") += name) += ">\n";
}

/// In the shape of GFM, with the ids that lead from a call to its note and back.
void fragment_writer::notes() {
  // Those without a call that was written.
  for (const auto &[id, asides] : asides_)
    for (uint32_t aside : asides)
      if (document_.at(aside).attr("role") != "field" && id == CALQUE_NONE) put_off(aside, false);
  if (notes_.empty()) return;
  fresh_line();
  out_ += "<section class=\"footnotes\" data-footnotes>\n<ol>\n";
  for (size_t k = 0; k < notes_.size(); ++k) {
    const std::string number = std::to_string(k + 1);
    const node aside = document_.at(notes_[k].aside);
    out_ += "<li id=\"fn-" + number + "\"" + attributes_of(aside) + ">\n";
    children(aside);
    std::string back = "<a href=\"#fnref-" + number + "\" class=\"footnote-backref\" data-footnote-backref aria-label=\"Back to reference " +
                       number + "\">↩</a>";
    if (!notes_[k].has_call) back.clear();
    if (out_.ends_with("</p>\n") && !back.empty())
      out_.insert(out_.size() - 5, " " + back);
    else
      out_ += back;
    fresh_line();
    out_ += "</li>\n";
  }
  out_ += "</ol>\n</section>\n";
}

void fragment_writer::account_for() {
  account_.emitted_tree(document_.root());
  for (node field : left_out_) account_.not_expressed_tree(field, "html.fields-left-out");
  for (const auto &[index, code] : not_expressed_) account_.not_expressed(document_.at(index), code);
  account_.marks_not_expressed("calque.page/1", "html.page-not-expressed");
  account_.marks_not_expressed("calque.language/1", "html.language-left-out");
}

}  // namespace html

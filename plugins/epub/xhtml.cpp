// SPDX-License-Identifier: Apache-2.0
// Writes a tree of XHTML: what is not read, blocks, lists and tables; every leaf with the bytes that it came from.
#include "plugins/epub/xhtml_writer.hpp"

#include <calque/marks.hpp>

#include <utility>

#include "plugins/common/characters.hpp"
#include "plugins/epub/front_matter.hpp"
#include "plugins/epub/own_edition.hpp"

namespace calque::plugins {
namespace xhtml_writing {
namespace {

/// Why the words of what is silent are no text.
std::string_view code_of_silent(std::string_view name) {
  if (name == "rp") return "epub.ruby-parenthesis";
  if (name == own::number) return "epub.back-link";
  if (name == own::persons) return "epub.persons-not-read";
  if (name == silent_navigation) return "epub.navigation";
  return name == own::made_anew ? "epub.made-anew" : "epub.not-shown";
}

bool is_list_name(std::string_view name) {
  return name == "ul" || name == "ol" || name == "list";
}

/// A heading that holds lists, tables or other headings is no heading but what they stand in.
bool is_heading(const chapter &in, uint32_t node) {
  return heading_level(in[node].name) != 0 && !in.holds_structure[node];
}

}  // namespace

uint64_t writer::run() {
  skip_silent_head();
  const uint32_t body = in_->body();
  pass_hidden(body);
  if (is_drawing((*in_)[body]) || (body == 0 && (*in_)[0].first != none && is_drawing((*in_)[(*in_)[0].first]))) {
    const scope figure = out_.begin(kind::figure);
    drawing(body == 0 ? (*in_)[0].first : body);
  } else {
    blocks(body);
  }
  write_asides();
  return skipped_;
}

void writer::skip(uint64_t begin, uint64_t end, std::string_view code) {
  if (begin == end) return;
  out_.skip(range(begin, end), code);
  skipped_ += count_letters(in_->tree.bytes.substr(begin, end - begin));
}

void writer::skip_texts(uint32_t top, std::string_view code) {
  for (uint32_t k = top; k != none; k = in_->tree.next_in_order(k, top))
    for (const text_piece &piece : at(k).pieces)
      if (!is_blank_text(piece.text)) skip(piece.begin, piece.end, code);
}

void writer::skip_silent_head() {
  if (const auto head = in_->tree.find("head")) skip_texts(*head, "epub.head");
}

void writer::blocks(uint32_t parent, uint32_t first) {
  const uint32_t file = chapter_;
  for (uint32_t k = first; k != none;) {
    if (is_block_like(k)) {
      block(k);
      if (chapter_ != file) return;  // a part of an edition went on elsewhere
      k = at(k).next;
      continue;
    }
    uint32_t end = k;
    while (end != none && !is_block_like(end)) end = at(end).next;
    if (at(parent).name == "figure" && shows_something(k, end)) {
      line(k, end);
    } else if (shows_something(k, end)) {
      const scope paragraph = out_.begin(kind::paragraph);
      line(k, end);
    } else {
      for (uint32_t silent = k; silent != end; silent = at(silent).next) pass_over(silent);
    }
    k = end;
  }
}

bool writer::is_block_like(uint32_t node) const {
  return is_block_name(at(node).name) || in_->holds_block[node];
}

bool writer::shows_something(uint32_t begin, uint32_t end) const {
  for (uint32_t top = begin; top != end; top = at(top).next)
    for (uint32_t k = top; k != none;) {
      const std::string_view name = at(k).name;
      if (is_hidden(k) || book_.ties.is_back_link(place(k))) {
        k = in_->tree.after(k, top);
        continue;
      }
      if (at(k).is_text()) {
        for (const text_piece &piece : at(k).pieces)
          if (!is_blank_text(piece.text)) return true;
      } else if (name == own::missing_image || name == own::anchor || name == "img" || name == "svg:svg" ||
                 name == "math:math" || name == "br" || is_link(*in_, k) ||
                 (name == "area" && at(k).attribute("href")) || !is_blank_text(words_of_field(at(k)))) {
        return true;
      }
      k = in_->tree.next_in_order(k, top);
    }
  return false;
}

bool writer::is_hidden(uint32_t node) const {
  return is_silent_name(at(node).name) || in_->is_other_case[node] || book_.ties.is_note(place(node)) ||
         in_->is_page_sign(node);
}

void writer::pass_over(uint32_t top) {
  for (uint32_t k = top; k != none;) {
    if (pass_hidden(k)) {
      k = in_->tree.after(k, top);
      continue;
    }
    if (book_.ties.is_back_link(place(k))) {
      skip_texts(k, "epub.back-link");
      k = in_->tree.after(k, top);
      continue;
    }
    if (is_medium_name(at(k).name)) medium(k);
    k = in_->tree.next_in_order(k, top);
  }
}

bool writer::pass_hidden(uint32_t node) {
  if (const std::string *label = book_.ties.page_at(place(node)); label != nullptr && !is_silent_name(at(node).name)) {
    const mark page = out_.marks().point("calque.page/1", "page", out_.position());
    if (!label->empty()) page.text("n", *label);
    page.text("source", "printed");
    if (in_->is_page_sign(node)) skip_texts(node, "epub.page-number");
  }
  if (is_silent_name(at(node).name))
    skip_texts(node, code_of_silent(at(node).name));
  else if (in_->is_other_case[node])
    skip_texts(node, "epub.other-case");
  return is_hidden(node);
}

void writer::medium(uint32_t node) {
  book_.medium(range(at(node).begin, at(node).tag_end), at(node).name);
}

void writer::block(uint32_t node) {
  if (pass_hidden(node)) return;
  const markup_node &one = at(node);
  const std::string_view name = one.name;
  if (is_medium_name(name)) medium(node);
  if (book_.is_own && own_block(node)) return;
  if (name == "p" && !in_->holds_block[node]) {
    if (is_node(one) || shows_something(one.first, none))
      text_block(kind::paragraph, node);
    else
      pass_children(node);
  } else if (is_heading(*in_, node)) {
    const scope heading = out_.begin(kind::heading);
    const auto level = book_.is_own ? one.attribute("data-level") : std::nullopt;
    out_.attr("level", level && is_number(*level) ? std::string(*level) : std::to_string(heading_level(name)));
    put_attributes(one);
    line(one.first, none);
  } else if (is_list_name(name)) {
    list(node);
  } else if (name == "li") {
    item(node, kind::list_item);
  } else if (name == "dl") {
    const scope list = out_.begin(kind::definition_list);
    put_attributes(one);
    definitions(node);
  } else if (name == "dd" || name == "dt") {
    definitions_of(node);
  } else if (name == "table") {
    const scope table = out_.begin(kind::table);
    put_attributes(one);
    rows(node);
  } else if (name == "pre" && !in_->holds_block[node]) {
    const scope code = out_.begin(kind::code_block);
    put_attributes(one);
    const bool outer = std::exchange(verbatim_, true);
    line(one.first, none);
    verbatim_ = outer;
  } else if (name == "hr") {
    {
      const scope rule = out_.begin(kind::rule);
      put_attributes(one);
    }
    blocks(node);  // no file should have any in it
  } else if ((name == "figcaption" || name == "caption") && !in_->holds_structure[node]) {
    text_block(kind::caption, node);
  } else {
    container(node);
  }
}

void writer::pass_children(uint32_t node) {
  for (uint32_t k = at(node).first; k != none; k = at(k).next) pass_over(k);
}

void writer::text_block(kind k, uint32_t node) {
  const scope block = out_.begin(k);
  put_attributes(at(node));
  line(at(node).first, none);
}

void writer::container(uint32_t node) {
  const markup_node &one = at(node);
  const std::string_view name = one.name;
  std::optional<kind> k;
  if (name == "section" || name == "article" || name.starts_with("level")) k = kind::section;
  if (name == "blockquote") k = kind::block_quote;
  if (name == "figure") k = kind::figure;
  const bool says_language = one.attribute("lang") || one.attribute("xml:lang") || one.attribute("dir");
  // A plain division that says nothing of itself would only be a level in the tree.
  const auto href = name == "a" ? one.attribute("href") : std::nullopt;
  if (!k && (href || (says_language && name != "body"))) k = kind::division;
  if (!k) return blocks(node);
  const scope block = out_.begin(*k);
  // A link is of text; what leads elsewhere with all its blocks says so itself.
  if (href) out_.attr("href", href_of(*href));
  put_attributes(one);
  blocks(node);
}

void writer::fill(uint32_t node) {
  if (in_->holds_block[node])
    blocks(node);
  else
    line(at(node).first, none);
}

void writer::item(uint32_t node, kind k) {
  const scope block = out_.begin(k);
  put_attributes(at(node));
  fill(node);
}

void writer::list(uint32_t node) {
  // A list of notes that stand at their calls is nothing.
  bool has_items = is_node(at(node));
  for (uint32_t k = at(node).first; k != none; k = at(k).next)
    has_items = has_items || (!is_hidden(k) && (is_block_like(k) || shows_something(k, at(k).next)));
  if (!has_items) return pass_children(node);
  const bool is_ordered = at(node).name == "ol" || at(node).attribute("type") == "ol";
  const scope block = out_.begin(is_ordered ? kind::ordered_list : kind::bullet_list);
  if (const auto start = at(node).attribute("start"); is_ordered && start) out_.attr("start", *start);
  if (const auto style = at(node).attribute("type"); is_ordered && style && style->size() == 1) {
    static constexpr std::pair<char, std::string_view> styles[] = {
        {'1', "decimal"}, {'a', "lower_alpha"}, {'A', "upper_alpha"}, {'i', "lower_roman"}, {'I', "upper_roman"}};
    for (const auto &[letter, word] : styles)
      if (letter == style->front()) out_.attr("style", word);
  }
  put_attributes(at(node));
  blocks(node);
}

void writer::definitions(uint32_t node) {
  for (uint32_t k = at(node).first; k != none; k = at(k).next) {
    if (at(k).is_text()) {
      if (shows_something(k, at(k).next)) {
        const scope stray = out_.begin(kind::definition);
        line(k, at(k).next);
      }
    } else if (at(k).name == "div") {
      if (!pass_hidden(k)) book_.is_own ? blocks(k) : definitions(k);
    } else if (at(k).name == "dt" || at(k).name == "dd") {
      if (!pass_hidden(k)) definitions_of(k);
    } else if (is_hidden(k)) {
      pass_hidden(k);
    } else {
      const scope stray = out_.begin(kind::definition);
      if (is_block_like(k))
        block(k);
      else
        line(k, at(k).next);
    }
  }
}

void writer::definitions_of(uint32_t node) {
  if (at(node).name == "dt" && !in_->holds_structure[node])
    text_block(kind::term, node);
  else
    item(node, kind::definition);
}

void writer::rows(uint32_t node) {
  for (uint32_t k = at(node).first; k != none; k = at(k).next) {
    const std::string_view name = at(k).name;
    if (name == "col" || name == "colgroup") continue;
    if (name == "thead" || name == "tbody" || name == "tfoot") {
      if (!pass_hidden(k)) rows(k);
    } else if (name == "tr") {
      if (pass_hidden(k)) continue;
      const scope row = out_.begin(kind::row);
      put_attributes(at(k));
      cells(k);
    } else if (name == "caption" && !in_->holds_structure[k]) {
      if (!pass_hidden(k)) text_block(kind::caption, k);
    } else if (is_cell(k)) {
      // No table has this, but files do; it is read as a row of its own.
      const scope row = out_.begin(kind::row);
      cell(k);
    }
  }
}

void writer::cells(uint32_t row) {
  for (uint32_t k = at(row).first; k != none; k = at(k).next)
    if (is_cell(k)) cell(k);
}

bool writer::is_cell(uint32_t node) {
  const std::string_view name = at(node).name;
  if (name == "td" || name == "th") return !pass_hidden(node);
  if (at(node).is_text()) return shows_something(node, at(node).next);
  return !is_hidden(node) || !pass_hidden(node);
}

void writer::cell(uint32_t node) {
  const scope block = out_.begin(kind::cell);
  const markup_node &one = at(node);
  if (one.name == "th") out_.attr("header", "true");
  for (const std::string_view key : {"colspan", "rowspan"})
    if (const auto span = one.attribute(key); span && !span->empty() && *span != "1" && is_number(*span))
      out_.attr(key, *span);
  if (one.name == "td" || one.name == "th") {
    put_attributes(one);
    fill(node);
  } else if (is_block_like(node)) {
    this->block(node);
  } else {
    line(node, one.next);
  }
}

bool writer::is_number(std::string_view text) {
  return text.size() < 10 && text.find_first_not_of("0123456789") == text.npos;
}

}  // namespace xhtml_writing

uint64_t write_chapter(builder &out, const xhtml_setting &book, uint32_t chapter) {
  return xhtml_writing::writer(out, book, chapter).run();
}

uint64_t write_own_edition(builder &out, const xhtml_setting &book) {
  return xhtml_writing::writer(out, book, 0).run_own();
}

void put_language(builder &out, const markup_node &node) {
  const auto own = node.attribute("xml:lang"), plain = node.attribute("lang");
  const std::string_view language = trimmed(own ? *own : plain ? *plain : std::string_view());
  if (!language.empty()) out.attr("lang", language);
  if (const auto direction = node.attribute("dir"); direction == "ltr" || direction == "rtl")
    out.attr("dir", *direction);
}

bool is_drawing(const markup_node &node) {
  return node.name == "svg:svg";
}

}  // namespace calque::plugins

// SPDX-License-Identifier: Apache-2.0
// Blocks of the document, in the order of the source; notes wait until the block that calls them is done.
#include "plugins/markdown/document_writer.hpp"

#include <algorithm>

namespace markdown {

using calque::scope;
using std::string;
using std::string_view;

document_writer::document_writer(calque::builder &out, const calque::call &call,
                                 const calque::plugins::decoded_text &text, bool autolinks)
    : out_(out),
      call_(call),
      text_(text),
      front_(read_front_matter(text.text())),
      tree_(read_blocks(text.text(), front_.end)),
      inlines_(tree_, autolinks) {}

void document_writer::write() {
  fields();
  children(0);
  uncalled_notes();
  skip_to(static_cast<uint32_t>(text_.text().size()));
}

void document_writer::fields() {
  for (const front_value &value : front_.values)
    if (value.key == "lang" && !value.text.text().empty()) {
      out_.attr("lang", value.text.text());
      break;
    }
  for (const front_value &value : front_.values) {
    if (value.key == "lang") continue;
    const string_view key = field_of(value.key);
    open_leaf_ = false;
    const scope field = out_.field(key.empty() ? "calque.other" : key);
    if (key.empty()) out_.attr("label", value.key);
    inlines(value.text);
    open_leaf_ = false;
  }
  waiting_notes();
  skip_to(static_cast<uint32_t>(front_.end));
}

void document_writer::children(uint32_t parent) {
  for (uint32_t k = tree_.blocks[parent].first; k != no_block; k = tree_.blocks[k].next) one(k);
}

void document_writer::one(uint32_t k) {
  const block &b = tree_.blocks[k];
  open_leaf_ = false;
  switch (b.kind) {
    case block_kind::quote: {
      const scope quote = begin(kind::block_quote);
      return children(k);
    }
    case block_kind::list:
      return list(b);
    case block_kind::item:
      return item(b, k);
    case block_kind::definition_list: {
      const scope definitions = begin(kind::definition_list);
      if (!b.is_loose) out_.attr("tight", "true");
      return children(k);
    }
    case block_kind::definition: {
      const scope definition = begin(kind::definition);
      return children(k);
    }
    case block_kind::note:
      skip_to(b.begin);
      done_ = std::max(done_, b.end);
      return;
    case block_kind::division: {
      const scope division = begin(kind::division);
      put_attributes(tree_.attributes_of_divisions[b.number]);
      return children(k);
    }
    case block_kind::heading:
      return heading(b);
    case block_kind::code:
      return code(b);
    case block_kind::html:
      return html(b);
    case block_kind::table:
      return table(b);
    case block_kind::rule: {
      const scope rule = begin(kind::rule);
      return;
    }
    case block_kind::paragraph:
    case block_kind::term: {
      if (b.line_count == 0) return;
      {
        const scope text = begin(b.kind == block_kind::term ? kind::term : kind::paragraph);
        inlines(content_of(b));
      }
      return waiting_notes();
    }
    case block_kind::document:
      return;
  }
}

void document_writer::list(const block &b) {
  const scope list = begin(b.is_ordered ? kind::ordered_list : kind::bullet_list);
  if (b.is_ordered && b.number != 1) out_.attr("start", std::to_string(b.number));
  if (b.is_ordered && b.mark == ')') out_.attr("delimiter", "parenthesis");
  if (!b.is_loose) out_.attr("tight", "true");
  for (uint32_t k = b.first; k != no_block; k = tree_.blocks[k].next) one(k);
}

/// [ ] or [x] at the front of an item makes it one to be ticked.
void document_writer::item(const block &b, uint32_t k) {
  const scope item = begin(kind::list_item);
  uint32_t first = b.first;
  if (first != no_block && tree_.blocks[first].kind == block_kind::paragraph && tree_.blocks[first].line_count > 0) {
    const line_part line = tree_.lines[tree_.blocks[first].first_line];
    const string_view words = tree_.text.substr(line.begin, line.end - line.begin);
    if (words.size() > 3 && words[0] == '[' && words[2] == ']' && is_blank(words[3]) && string_view(" xX").find(words[1]) != none) {
      out_.attr("checked", words[1] == ' ' ? "false" : "true");
      {
        const scope paragraph = begin(kind::paragraph);
        inlines(content_of(tree_.blocks[first], after_blanks(words, 3)));
      }
      waiting_notes();
      for (first = tree_.blocks[first].next; first != no_block; first = tree_.blocks[first].next) one(first);
      return;
    }
  }
  children(k);
}

void document_writer::heading(const block &b) {
  {
    const scope heading = begin(kind::heading);
    out_.attr("level", std::to_string(b.level));
    content words = content_of(b);
    // Attributes stand at its end.
    const string_view text = words.text();
    if (text.ends_with('}')) {
      const size_t brace = text.rfind('{');
      attributes found;
      if (brace != none && (brace == 0 || text[brace - 1] != '\\') && read_attributes(text, brace, found) == text.size()) {
        size_t end = brace;
        while (end > 0 && is_space(text[end - 1])) --end;
        put_attributes(found);
        words.shorten(end);
      }
    }
    inlines(words);
  }
  waiting_notes();
}

void document_writer::code(const block &b) {
  attributes attrs;
  string info;
  if (b.is_fenced) {
    const string_view written = tree_.text.substr(b.info_begin, b.info_end - b.info_begin);
    const size_t brace = written.starts_with('{') ? 0 : none;
    if (brace == none || read_attributes(written, 0, attrs) != written.size()) {
      attrs = {};
      info = resolved(written);
    }
  }
  const bool is_raw = !attrs.format.empty();
  const scope code = begin(is_raw ? kind::raw_block : kind::code_block);
  if (is_raw) out_.attr("format", attrs.format);
  if (!info.empty()) out_.attr("info", info);
  put_attributes(attrs);
  lines(b, b.line_count, !is_raw, is_raw ? kind::raw : kind::code);
  if (is_raw && open_leaf_) out_.attr("format", attrs.format);
}

void document_writer::html(const block &b) {
  uint32_t count = b.line_count;
  while (count > 0) {
    const line_part l = tree_.lines[b.first_line + count - 1];
    if (after_blanks(tree_.text.substr(0, l.end), l.begin) < l.end) break;
    --count;
  }
  const scope raw = begin(kind::raw_block);
  out_.attr("format", "html");
  lines(b, count, false, kind::raw);
  if (open_leaf_) out_.attr("format", "html");
}

void document_writer::lines(const block &b, uint32_t count, bool has_last_end, kind k) {
  open_leaf_ = false;
  for (uint32_t i = 0; i < count;) {
    const line_part l = tree_.lines[b.first_line + i];
    if (l.pad > 0) put(string(l.pad, ' '), l.begin - 1, l.begin, k, false);
    // Lines that follow each other without marks between are one piece.
    uint32_t end = l.end, last = i;
    while (last + 1 < count) {
      const line_part &further = tree_.lines[b.first_line + last + 1];
      const line_part &here = tree_.lines[b.first_line + last];
      if (further.pad > 0 || further.begin != here.next || here.next != here.end + 1 || tree_.text[here.end] != '\n') break;
      ++last;
      end = further.end;
    }
    if (l.begin < end) put(tree_.text.substr(l.begin, end - l.begin), l.begin, end, k, true);
    const line_part &here = tree_.lines[b.first_line + last];
    if ((last + 1 < count || has_last_end) && here.end < here.next) put("\n", here.end, here.next, k, here.next == here.end + 1 && tree_.text[here.end] == '\n');
    i = last + 1;
  }
}

void document_writer::table(const block &b) {
  std::vector<string_view> alignments;
  const line_part second = tree_.lines[b.first_line + 1];
  const string_view marks = tree_.text.substr(second.begin, second.end - second.begin);
  for (const auto &[from, to] : cells_of(marks)) {
    const string_view cell = trimmed(marks.substr(from, to - from));
    alignments.push_back(cell.empty() ? ""
                         : cell.front() == ':' ? (cell.back() == ':' && cell.size() > 1 ? "center" : "left")
                         : cell.back() == ':'  ? "right"
                                               : "");
  }
  {
    const scope table = begin(kind::table);
    in_table_ = true;
    for (uint32_t k = 0; k < b.line_count; ++k)
      if (k != 1) row(tree_.lines[b.first_line + k], alignments, k == 0);
    in_table_ = false;
  }
  waiting_notes();
}

void document_writer::row(const line_part &l, const std::vector<string_view> &alignments, bool is_header) {
  const scope row = begin(kind::row);
  const string_view text = tree_.text.substr(l.begin, l.end - l.begin);
  const auto cells = cells_of(text);
  for (size_t k = 0; k < alignments.size(); ++k) {
    const scope cell = begin(kind::cell);
    if (is_header) out_.attr("header", "true");
    if (!alignments[k].empty()) out_.attr("align", alignments[k]);
    if (k >= cells.size()) continue;
    const auto from = l.begin + static_cast<uint32_t>(cells[k].first), to = l.begin + static_cast<uint32_t>(cells[k].second);
    const string_view words = tree_.text.substr(from, to - from);
    if (words.find("\\|") == none) {
      inlines(content(tree_.text, from, to));
      continue;
    }
    // An escaped pipe is a pipe, even in code.
    content made;
    size_t begin = 0;
    for (size_t pipe = words.find("\\|"); pipe != none; pipe = words.find("\\|", begin)) {
      if (pipe > begin) made.add(words.substr(begin, pipe - begin), from + static_cast<uint32_t>(begin), from + static_cast<uint32_t>(pipe));
      made.add("|", from + static_cast<uint32_t>(pipe), from + static_cast<uint32_t>(pipe) + 2);
      begin = pipe + 2;
    }
    if (begin < words.size()) made.add(words.substr(begin), from + static_cast<uint32_t>(begin), to);
    inlines(made);
  }
  open_leaf_ = false;
  if (cells.size() > alignments.size()) {
    const auto from = l.begin + static_cast<uint32_t>(cells[alignments.size()].first), to = l.begin + static_cast<uint32_t>(cells.back().second);
    skip_to(from);
    skip(from, to, "markdown.excess-cell");
    done_ = std::max(done_, to);
  }
}

void document_writer::note(uint32_t k, uint32_t anchor) {
  const block &b = tree_.blocks[k];
  const uint32_t done = done_;
  done_ = b.begin;
  {
    open_leaf_ = false;
    const scope note = out_.aside("note", anchor);
    children(k);
    skip_to(b.end);
  }
  open_leaf_ = false;
  done_ = done;
}

void document_writer::waiting_notes() {
  if (in_table_) return;
  // A note may call further ones, which are then written after it, by the same loop or a nested one.
  while (!waiting_.empty()) {
    const auto waiting = std::move(waiting_);
    waiting_.clear();
    for (const auto &[k, anchor] : waiting) note(k, anchor);
  }
}

void document_writer::uncalled_notes() {
  std::vector<uint32_t> all;
  for (const auto &[label, k] : tree_.notes) all.push_back(k);
  std::sort(all.begin(), all.end());
  for (uint32_t k : all) {
    if (!called_.insert(k).second) continue;
    call_.report(calque::level::warning, "markdown.uncalled-note", "a note is called from nowhere");
    uint32_t anchor = 0;
    {
      const scope paragraph = begin(kind::paragraph);
      anchor = out_.text("", text_.source_of(tree_.blocks[k].begin, tree_.blocks[k].begin), kind::anchor);
    }
    note(k, anchor);
    waiting_notes();
  }
}

void document_writer::skip_to(uint32_t place) {
  if (place <= done_) return;
  const string_view between = tree_.text.substr(done_, place - done_);
  const bool is_layout = std::all_of(between.begin(), between.end(), is_space);
  skip(done_, place, is_layout ? "markdown.layout" : "markdown.mark");
  done_ = place;
}

}  // namespace markdown

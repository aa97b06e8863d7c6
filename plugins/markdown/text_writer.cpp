// SPDX-License-Identifier: Apache-2.0
// Inlines of the document: each leaf with the bytes that it was written as.
#include "plugins/markdown/document_writer.hpp"

#include <algorithm>
#include <array>

namespace markdown {

using calque::scope;
using std::string;
using std::string_view;

/// The lines of a block as one text; most stand together in the source, and are taken as they are.
content document_writer::content_of(const block &b, size_t from) const {
  bool is_one = true;
  const auto begin = b.first_line, end = b.first_line + b.line_count;
  for (uint32_t k = begin; k + 1 < end && is_one; ++k) {
    const line_part &l = tree_.lines[k];
    is_one = l.next == l.end + 1 && tree_.text[l.end] == '\n' && tree_.lines[k + 1].begin == l.next;
  }
  const auto skipped = static_cast<uint32_t>(from);
  if (b.line_count == 0) return content();
  content made;
  if (is_one) {
    made = content(tree_.text, tree_.lines[begin].begin + skipped, tree_.lines[end - 1].end);
  } else {
    for (uint32_t k = begin; k < end; ++k) {
      const line_part &l = tree_.lines[k];
      const uint32_t first = l.begin + (k == begin ? skipped : 0);
      if (first < l.end) made.add(tree_.text.substr(first, l.end - first), first, l.end);
      if (k + 1 < end) made.add("\n", l.end, l.next);
    }
  }
  size_t size = made.text().size();
  while (size > 0 && is_blank(made.text()[size - 1])) --size;
  made.shorten(size);
  return made;
}

void document_writer::inlines(const content &c) {
  inlines_.read(c.text());
  open_leaf_ = false;
  inline_children(c, inlines_.node(0));
  open_leaf_ = false;
}

void document_writer::inline_children(const content &c, const inline_node &parent) {
  for (uint32_t k = parent.first; k != no_node; k = inlines_.node(k).next) inline_one(c, inlines_.node(k));
}

void document_writer::inline_one(const content &c, const inline_node &n) {
  const auto place = [&](uint32_t begin, uint32_t end) { return c.place_of(begin, end); };
  const auto container = [&](kind k) {
    const scope inner = begin(k);
    if (n.data != no_node) put_attributes(inlines_.data(n).attrs);
    inline_children(c, n);
    open_leaf_ = false;
  };
  switch (n.kind) {
    case inline_kind::text:
      return put(c, n, kind::text);
    case inline_kind::soft_break:
    case inline_kind::hard_break: {
      const auto [from, to] = place(n.begin, n.end);
      open_leaf_ = false;
      const bool is_hard = n.kind == inline_kind::hard_break;
      put(is_hard ? "\n" : " ", from, to, is_hard ? kind::line_break : kind::soft_break, false);
      open_leaf_ = false;
      return;
    }
    case inline_kind::code: {
      open_leaf_ = false;
      const attributes *attrs = n.data != no_node ? &inlines_.data(n).attrs : nullptr;
      const bool is_raw = attrs && !attrs->format.empty();
      put(c, n, is_raw ? kind::raw : kind::code);
      if (is_raw && open_leaf_) out_.attr("format", attrs->format);
      if (attrs && open_leaf_) put_attributes(*attrs);
      open_leaf_ = false;
      return;
    }
    case inline_kind::html:
      open_leaf_ = false;
      put(c, n, kind::raw);
      out_.attr("format", "html");
      open_leaf_ = false;
      return;
    case inline_kind::math:
      open_leaf_ = false;
      put(c, n, kind::math);
      open_leaf_ = false;
      return;
    case inline_kind::call: {
      if (!called_.insert(n.data).second) {
        call_.report(calque::level::warning, "markdown.repeated-call",
                     "the note " + string(n.text) + " is called more than once");
        return put(c, n, kind::text);
      }
      const auto [from, to] = place(n.begin, n.end);
      waiting_.emplace_back(n.data, empty_leaf(kind::anchor, from, to));
      return;
    }
    case inline_kind::note: {
      const auto [from, to] = place(n.begin, n.begin + 2);
      const uint32_t anchor = empty_leaf(kind::anchor, from, to);
      const scope note = out_.aside("note", anchor);
      const scope paragraph = begin(kind::paragraph);
      inline_children(c, n);
      open_leaf_ = false;
      return;
    }
    case inline_kind::image: {
      const auto [from, to] = place(n.begin, n.begin + 2);
      const uint32_t image = empty_leaf(kind::image, from, to);
      const inline_data &data = inlines_.data(n);
      out_.attr("resource", data.target);
      if (data.has_title) out_.attr("title", data.title);
      put_attributes(data.attrs);
      if (n.first == no_node) return;
      const scope alternative = out_.aside("alt", image);
      inline_children(c, n);
      open_leaf_ = false;
      return;
    }
    case inline_kind::link: {
      const scope link = begin(kind::link);
      const inline_data &data = inlines_.data(n);
      out_.attr("href", data.target);
      if (data.has_title) out_.attr("title", data.title);
      put_attributes(data.attrs);
      inline_children(c, n);
      open_leaf_ = false;
      return;
    }
    case inline_kind::emphasis:
      return container(kind::emphasis);
    case inline_kind::strong:
      return container(kind::strong);
    case inline_kind::strikeout:
      return container(kind::strikeout);
    case inline_kind::span:
      return container(kind::span);
    case inline_kind::root:
    case inline_kind::gone:
      return;
  }
}

void document_writer::put_attributes(const attributes &a) {
  // What the document model gives a meaning is not for the text to set.
  static constexpr std::array<string_view, 13> own{"anchor", "aside", "format", "href", "info", "key", "label", "level",
                                                   "resource", "role", "title", "id", "class"};
  if (!a.id.empty()) out_.attr("id", a.id);
  if (!a.classes.empty()) out_.attr("class", a.classes);
  for (const auto &[key, value] : a.others)
    out_.attr(std::find(own.begin(), own.end(), key) == own.end() ? key : "x." + key, value);
}

uint32_t document_writer::empty_leaf(kind k, uint32_t from, uint32_t to) {
  skip_to(from);
  open_leaf_ = false;
  done_ = std::max(done_, to);
  return out_.text("", text_.source_of(from, to), k);
}

void document_writer::put(const content &c, const inline_node &n, kind k) {
  if (n.text.empty()) return;
  const bool is_own = n.text.data() == c.text().data() + n.begin && n.text.size() == n.end - n.begin;
  if (!is_own) {
    const auto [from, to] = c.place_of(n.begin, n.end);
    return put(n.text, from, to, k, false);
  }
  c.each(n.begin, n.end, [&](string_view piece, uint32_t from, uint32_t to) {
    const bool is_equal = to - from == piece.size();
    if (k != kind::code || piece.find('\n') == none) return put(piece, from, to, k, is_equal);
    // A line end in code is a blank.
    for (size_t at = 0; at < piece.size();) {
      const size_t end = std::min(piece.find('\n', at), piece.size());
      const auto begin = from + static_cast<uint32_t>(at);
      if (at < end) put(piece.substr(at, end - at), begin, begin + static_cast<uint32_t>(end - at), k, true);
      if (end < piece.size()) put(" ", is_equal ? from + static_cast<uint32_t>(end) : from, is_equal ? from + static_cast<uint32_t>(end) + 1 : to, k, false);
      at = end + 1;
    }
  });
}

void document_writer::put(string_view bytes, uint32_t from, uint32_t to, kind k, bool is_equal) {
  skip_to(from);
  // Where two texts come of one place, the first has it.
  from = std::max(from, std::min(done_, to));
  done_ = std::max(done_, to);
  const auto piece = [&](string_view text, calque::source_range range) {
    if (open_leaf_)
      out_.more(text, range);
    else
      out_.text(text, range, k);
    open_leaf_ = true;
  };
  if (is_equal)
    text_.each_piece(from, to, piece);
  else
    piece(bytes, text_.source_of(from, to));
}

}  // namespace markdown

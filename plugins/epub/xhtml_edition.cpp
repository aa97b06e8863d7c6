// SPDX-License-Identifier: Apache-2.0
// What an edition of ours has beside XHTML: the record, parts that go on in the next file, kinds of its own.
#include "plugins/epub/xhtml_writer.hpp"

#include <utility>

#include "plugins/epub/own_edition.hpp"

namespace calque::plugins::xhtml_writing {

uint64_t writer::run_own() {
  for (chapter_ = 0; chapter_ < book_.chapters.size(); ++chapter_) {
    in_ = &book_.chapters[chapter_];
    record(in_->body());
  }
  write_asides();
  begin_file(0);
  contents_of_part(in_->body());
  write_asides();
  return skipped_;
}

void writer::put_attributes(const markup_node &one) {
  put_language(out_, one);
  if (is_node(one)) out_.attr("id", *one.attribute("id"));
}

bool writer::own_block(uint32_t node) {
  const markup_node &one = at(node);
  if (one.name == own::record) return true;
  if (!one.name.starts_with(own::block_mark)) return false;
  const auto known = own_kind(one.name);
  // A line that holds blocks is none of ours any more; what is in it is read as what it is.
  const bool is_line = one.name == own::dress || (known && class_of(*known) == kind_class::inlines);
  if (is_line && in_->holds_block[node]) return blocks(node), true;
  if (one.name == own::dress) return line(one.first, none), true;
  const scope block = known ? out_.begin(*known) : out_.begin(one.name.substr(own::block_mark.size()));
  put_attributes(one);
  if (is_line) {
    line(one.first, none);
  } else if (is_own_part(one.name)) {
    ++parts_;
    contents_of_part(node);
    --parts_;
  } else if (known == kind::row) {
    cells(node);
  } else {
    fill(node);
  }
  return true;
}

void writer::record(uint32_t top) {
  for (uint32_t k = top; k != none;) {
    const markup_node &one = at(k);
    bool is_record = false;
    for (uint32_t up = k; up != none && !is_record; up = at(up).parent) is_record = at(up).name == own::record;
    const bool is_stray = is_record && one.is_text() && shows_something(k, one.next);
    if (one.name == own::field || is_stray) {
      field(k);
    } else if (!is_record || !pass_hidden(k)) {
      k = in_->tree.next_in_order(k, top);
      continue;
    }
    k = in_->tree.after(k, top);
  }
}

void writer::field(uint32_t node) {
  const markup_node &one = at(node);
  const std::string_view key = one.attribute("data-key").value_or("");
  const bool is_key = !key.empty() && key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == key.npos;
  const scope field = out_.field(is_key ? key : "calque.other");
  if (const auto label = one.attribute("data-label")) out_.attr("label", *label);
  put_attributes(one);
  if (one.is_text()) return line(node, one.next);
  line(one.first, none);
}

void writer::contents_of_part(uint32_t node) {
  const uint32_t depth = parts_;
  uint32_t top = node, first = at(node).first;
  for (;;) {
    const uint32_t file = chapter_;
    blocks(top, first);
    if (chapter_ == file) {
      if (!goes_on(top, depth)) return;
      end_file(top);
      begin_file(chapter_ + 1);
      top = leading(chapter_)[depth];
      first = at(top).first;
    } else {
      // What is below has gone on at the head of this file.
      const std::vector<uint32_t> parts = leading(chapter_);
      top = parts[depth];
      first = at(parts[depth + 1]).next;
    }
  }
}

std::vector<uint32_t> writer::leading(uint32_t file) const {
  const chapter &in = book_.chapters[file];
  std::vector<uint32_t> parts{in.body()};
  for (;;) {
    uint32_t k = in[parts.back()].first;
    while (k != none && in[k].is_text() && in.tree.is_blank(k)) k = in[k].next;
    if (k == none || !is_own_part(in[k].name) || in[k].attribute("id")) return parts;
    parts.push_back(k);
  }
}

bool writer::goes_on(uint32_t top, uint32_t depth) const {
  if (chapter_ + 1 == book_.chapters.size() || leading(chapter_ + 1).size() <= depth) return false;
  uint32_t around = 0;
  for (uint32_t k = top; k != in_->body(); k = at(k).parent) {
    if (!is_own_part(at(k).name)) return false;
    ++around;
    for (uint32_t s = at(k).next; s != none; s = at(s).next)
      if (at(s).is_text() ? !in_->tree.is_blank(s) : !at(s).has_word("class", "notes")) return false;
  }
  return around == depth;
}

void writer::end_file(uint32_t top) {
  for (uint32_t k = top; k != in_->body(); k = at(k).parent)
    for (uint32_t s = at(k).next; s != none; s = at(s).next)
      if (is_block_like(s)) block(s);
}

void writer::begin_file(uint32_t file) {
  chapter_ = file;
  in_ = &book_.chapters[file];
  skip_silent_head();
  pass_hidden(in_->body());
}

bool writer::own_inline(uint32_t node) {
  const markup_node &one = at(node);
  if (!one.name.starts_with(own::inline_mark)) return false;
  if (one.name == own::inline_dress) {
    inlines(one.first, none);
  } else if (one.name == own::call) {
    called_ = node;
    if (const book_note *note = book_.ties.called_by(place(node)))
      call(node, *note);
    else
      inlines(one.first, none);
    called_ = none;
  } else if (one.name == own::missing_image || one.name == own::anchor) {
    put_blank();
    leaf_ends();
    const bool is_image = one.name == own::missing_image;
    const uint32_t leaf = out_.text({}, range(one.begin, one.tag_end), is_image ? kind::image : kind::anchor);
    at_start_ = false;
    put_attributes(one);
    if (!is_image) return true;
    if (const auto name = one.attribute("title")) out_.attr("resource", *name);
    if (shows_something_below(node)) asides_.push_back({aside_to_come::image_words, leaf, place(node), {}});
  } else if (one.name == own::math || one.name == own::raw) {
    put_blank();
    leaf_ends();
    const auto outer = std::exchange(leaf_kind_, one.name == own::math ? kind::math : kind::raw);
    inlines(one.first, none);
    leaf_kind_ = outer;
    leaf_ends();
  } else {
    put_blank();
    leaf_ends();
    const auto known = own_kind(one.name);
    const scope inner = known ? out_.begin(*known) : out_.begin(one.name.substr(own::inline_mark.size()));
    put_attributes(one);
    inlines(one.first, none);
    leaf_ends();
  }
  return true;
}

}  // namespace calque::plugins::xhtml_writing

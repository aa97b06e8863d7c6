// SPDX-License-Identifier: Apache-2.0
// Emphasis, strong emphasis and deletions: runs of marks, and which of them belong together.
#include "plugins/markdown/inline_reader.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

namespace markdown {

namespace {

bool is_outer_blank(UChar32 c) {
  return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' || u_charType(c) == U_SPACE_SEPARATOR;
}
/// As CommonMark 0.31 has it: punctuation and symbols of all scripts.
bool is_outer_punctuation(UChar32 c) {
  if (c < 0x80) return is_punctuation(static_cast<char>(c));
  return (U_MASK(u_charType(c)) & (U_GC_P_MASK | U_GC_S_MASK)) != 0;
}

}  // namespace

void inline_reader::marks() {
  const char mark = s_[at_];
  const size_t count = run_of(s_, at_, mark), end = at_ + count;
  UChar32 before = 0, after = 0;
  if (at_ > 0) {
    const size_t window = std::min<size_t>(at_, 4);
    auto i = static_cast<int32_t>(window);
    const auto *bytes = reinterpret_cast<const uint8_t *>(s_.data() + at_ - window);
    U8_PREV(bytes, 0, i, before);
  }
  if (end < s_.size()) {
    int32_t i = 0;
    const auto *bytes = reinterpret_cast<const uint8_t *>(s_.data() + end);
    U8_NEXT(bytes, i, static_cast<int32_t>(std::min<size_t>(s_.size() - end, 4)), after);
  }
  const bool blank_before = is_outer_blank(before), blank_after = is_outer_blank(after);
  const bool point_before = is_outer_punctuation(before), point_after = is_outer_punctuation(after);
  const bool left = !blank_after && (!point_after || blank_before || point_before);
  const bool right = !blank_before && (!point_before || blank_after || point_after);
  const bool can_open = mark == '_' ? left && (!right || point_before) : left;
  const bool can_close = mark == '_' ? right && (!left || point_after) : right;
  const uint32_t k = add_text(at_, end);
  at_ = end;
  if ((!can_open && !can_close) || (mark == '~' && count > 2)) return;
  const auto index = static_cast<uint32_t>(delimiters_.size());
  const auto size = static_cast<uint32_t>(count);
  delimiters_.push_back({k, mark, size, size, can_open, can_close, last_delimiter_, no_node});
  if (last_delimiter_ != no_node) delimiters_[last_delimiter_].next = index;
  last_delimiter_ = index;
}

void inline_reader::remove(uint32_t k) {
  const delimiter &d = delimiters_[k];
  if (d.previous != no_node) delimiters_[d.previous].next = d.next;
  if (d.next != no_node)
    delimiters_[d.next].previous = d.previous;
  else
    last_delimiter_ = d.previous;
}

/// All delimiters above `bottom`.
void inline_reader::emphasis(uint32_t bottom) {
  // From where on there is no opener, by mark, by whether the closer opens too, and by length.
  uint32_t no_opener[3][2][3];
  std::fill(&no_opener[0][0][0], &no_opener[0][0][0] + 18, bottom);
  uint32_t closer = last_delimiter_;
  if (closer == bottom) return;
  while (delimiters_[closer].previous != bottom) closer = delimiters_[closer].previous;
  auto column = [](char mark) { return mark == '*' ? 0 : mark == '_' ? 1 : 2; };
  while (closer != no_node) {
    if (!delimiters_[closer].can_close) {
      closer = delimiters_[closer].next;
      continue;
    }
    delimiter &c = delimiters_[closer];
    uint32_t &stop = no_opener[column(c.mark)][c.can_open ? 1 : 0][c.mark == '~' ? c.count - 1 : c.original % 3];
    uint32_t opener = c.previous;
    bool is_found = false;
    for (; opener != bottom && opener != no_node && (stop == no_node || opener > stop);
         opener = delimiters_[opener].previous) {
      const delimiter &o = delimiters_[opener];
      if (o.mark != c.mark || !o.can_open) continue;
      if (c.mark == '~') {
        is_found = o.count == c.count;
      } else {
        const bool is_odd = (o.can_close || c.can_open) && c.original % 3 != 0 && (o.original + c.original) % 3 == 0;
        is_found = !is_odd;
      }
      if (is_found) break;
    }
    const uint32_t after = c.next;
    if (!is_found) {
      stop = c.previous;
      if (!c.can_open) remove(closer);
      closer = after;
      continue;
    }
    delimiter &o = delimiters_[opener];
    const uint32_t used = c.mark == '~' ? c.count : o.count >= 2 && c.count >= 2 ? 2 : 1;
    o.count -= used;
    c.count -= used;
    const uint32_t opening = o.node, closing = c.node;
    // The inner marks are used up first.
    nodes_[opening].end -= used;
    nodes_[opening].text.remove_suffix(used);
    const uint32_t begin = nodes_[opening].end, end = nodes_[closing].begin + used;
    nodes_[closing].begin += used;
    nodes_[closing].text.remove_prefix(used);
    for (uint32_t k = c.previous; k != opener;) {
      const uint32_t previous = delimiters_[k].previous;
      remove(k);
      k = previous;
    }
    const auto made = static_cast<uint32_t>(nodes_.size());
    nodes_.push_back({c.mark == '~' ? inline_kind::strikeout : used == 2 ? inline_kind::strong : inline_kind::emphasis,
                      begin, end, {}});
    const uint32_t first = nodes_[opening].next;
    if (first != closing) gather(made, first, nodes_[closing].previous);
    insert_after(opening, made);
    if (o.count == 0) {
      unlink(opening);
      remove(opener);
    }
    if (c.count == 0) {
      unlink(closing);
      remove(closer);
      closer = after;
    }
  }
  while (last_delimiter_ != bottom) remove(last_delimiter_);
}

}  // namespace markdown

// SPDX-License-Identifier: Apache-2.0
// One bit for each byte of the text says whether the document or a skip has it.
#include "plugins/common/html/account.hpp"

#include "plugins/common/html/markup.hpp"

#include <algorithm>
#include <bit>

namespace calque::plugins::html_reading {

account::account(builder &out, const decoded_text &text, uint32_t source, std::string_view stage)
    : out_(out), text_(text), source_(source), stage_(stage), claimed_(text.text().size() / 64 + 1) {}

source_range account::range_of(stretch part) const {
  source_range range = text_.source_of(part.begin, part.end);
  range.source = source_;
  return range;
}

size_t account::end_of_state(size_t at, size_t end) const {
  const bool state = (claimed_[at / 64] >> (at % 64)) & 1;
  while (at < end) {
    const uint64_t word = state ? ~claimed_[at / 64] : claimed_[at / 64];
    const uint64_t others = word >> (at % 64);
    if (others != 0) return std::min(end, at + static_cast<size_t>(std::countr_zero(others)));
    at = (at / 64 + 1) * 64;
  }
  return end;
}

bool account::is_claimed(stretch part) const {
  return !part.is_empty() &&
         (((claimed_[part.begin / 64] >> (part.begin % 64)) & 1) != 0 || end_of_state(part.begin, part.end) < part.end);
}

void account::claim(stretch part) {
  for (size_t at = part.begin; at < part.end;) {
    const size_t first = at % 64, count = std::min<size_t>(64 - first, part.end - at);
    claimed_[at / 64] |= (count == 64 ? ~uint64_t{0} : ((uint64_t{1} << count) - 1)) << first;
    at += count;
  }
}

uint32_t account::leaf(kind k, std::string_view bytes, stretch from, bool is_same) {
  if (is_claimed(from)) return insert(k, bytes, from.begin);
  claim(from);
  if (!is_same) return out_.text(bytes, range_of(from), k);
  uint32_t id = CALQUE_NONE;
  text_.each_piece(from.begin, from.end, [&](std::string_view piece, source_range range) {
    range.source = source_;
    if (id == CALQUE_NONE)
      id = out_.text(piece, range, k);
    else
      out_.more(piece, range);
  });
  return id;
}

void account::more(std::string_view bytes, stretch from, bool is_same) {
  if (is_claimed(from)) return out_.more(bytes, range_of({from.begin, from.begin}));
  claim(from);
  if (!is_same) return out_.more(bytes, range_of(from));
  text_.each_piece(from.begin, from.end, [&](std::string_view piece, source_range range) {
    range.source = source_;
    out_.more(piece, range);
  });
}

uint32_t account::insert(kind k, std::string_view bytes, size_t at) { return out_.text(bytes, range_of({at, at}), k); }

void account::skip(stretch part, std::string_view word) {
  for (size_t at = part.begin; at < part.end;) {
    const size_t end = end_of_state(at, part.end);
    if (is_free(at)) {
      claim({at, end});
      out_.skip(range_of({at, end}), code(word));
    }
    at = end;
  }
}

void account::settle() {
  const std::string_view text = text_.text();
  tokens cut(text);
  for (token t{}; cut.next(t);) {
    if (t.kind == token_kind::comment) {
      skip({t.begin, t.end}, "comment");
    } else if (t.kind != token_kind::text) {
      skip({t.begin, t.end}, "markup");
    } else {
      // White space beside words is layout; what else is left is text that HTML's own rules throw away.
      for (size_t at = t.begin; at < t.end;) {
        if (!is_free(at)) {
          at = end_of_state(at, t.end);
          continue;
        }
        const bool is_blank = is_space(text[at]);
        size_t end = at + 1;
        while (end < t.end && is_space(text[end]) == is_blank) ++end;
        skip({at, end}, is_blank ? "layout" : "text-ignored");
        at = end;
      }
    }
  }
}

}  // namespace calque::plugins::html_reading

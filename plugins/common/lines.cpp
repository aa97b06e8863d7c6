// SPDX-License-Identifier: Apache-2.0
// One pass over the bytes; every line end but two is a single byte.
#include "plugins/common/lines.hpp"

#include "plugins/common/characters.hpp"

namespace calque::plugins {

std::vector<line> split_lines(std::string_view text) {
  std::vector<line> lines;
  size_t begin = 0;
  auto end_line = [&](size_t end, size_t next, bool page) {
    lines.push_back({begin, end, next, page});
    begin = next;
  };
  for (size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c > '\r' && c < 0x80) continue;
    if (c == '\n' || c == '\f') {
      end_line(at, at + 1, c == '\f');
    } else if (c == '\r') {
      const size_t next = text.substr(at + 1, 1) == "\n" ? at + 2 : at + 1;
      end_line(at, next, false);
      at = next - 1;
    } else if (c == 0xc2 && text.substr(at, 2) == "\xc2\x85") {
      end_line(at, at + 2, false);
    } else if (c == 0xe2 && (text.substr(at, 3) == "\xe2\x80\xa8" || text.substr(at, 3) == "\xe2\x80\xa9")) {
      end_line(at, at + 3, false);
    }
  }
  if (begin < text.size()) end_line(text.size(), text.size(), false);
  return lines;
}

line without_blanks(std::string_view text, const line &whole) {
  line inner = whole;
  while (inner.begin < inner.end) {
    size_t at = inner.begin;
    if (!is_blank(next_character(text, at))) break;
    inner.begin = at;
  }
  while (inner.end > inner.begin) {
    size_t before = inner.end;
    if (!is_blank(previous_character(text, before))) break;
    inner.end = before;
  }
  return inner;
}

}  // namespace calque::plugins

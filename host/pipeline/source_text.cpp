// SPDX-License-Identifier: Apache-2.0
// Lines, columns and terminal cells of a configuration file.
#include "host/pipeline/source_text.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <utility>

namespace calque::host {
namespace {

// The code point at the front of `text` and its bytes; below zero, with one byte, where it is not UTF-8.
std::pair<std::int32_t, std::size_t> decode(std::string_view text) {
  const auto *bytes = reinterpret_cast<const std::uint8_t *>(text.data());
  const auto size = static_cast<std::int32_t>(std::min<std::size_t>(text.size(), 4));
  std::int32_t next = 0;
  UChar32 code = 0;
  U8_NEXT(bytes, next, size, code);
  return code < 0 ? std::pair{-1, std::size_t{1}} : std::pair{code, static_cast<std::size_t>(next)};
}

bool must_be_spelled(std::int32_t code) {
  switch (u_charType(code)) {
    case U_CONTROL_CHAR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
    case U_SURROGATE:
      return true;
    default:
      break;
  }
  const bool bidi = u_hasBinaryProperty(code, UCHAR_BIDI_CONTROL);
  const bool tag = code >= 0xE0000 && code <= 0xE007F;
  const bool noncharacter = u_hasBinaryProperty(code, UCHAR_NONCHARACTER_CODE_POINT);
  return bidi || tag || noncharacter || code == 0xFEFF || code == 0x200B || code == 0x2060;
}

std::uint32_t cells_of(std::int32_t code) {
  switch (u_charType(code)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
      return 0;
    case U_FORMAT_CHAR:
      return code == 0xAD ? 1 : 0;
    default:
      break;
  }
  // The vowels and finals of conjoining Hangul fall into the cells of their consonant.
  if (code >= 0x1160 && code <= 0x11FF) return 0;
  const auto width = u_getIntPropertyValue(code, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

shown_char spelled(const char *format, unsigned value) {
  std::array<char, 16> digits{};
  const int size = std::snprintf(digits.data(), digits.size(), format, value);
  return {"⟨" + std::string(digits.data(), static_cast<std::size_t>(size)) + "⟩", static_cast<std::uint32_t>(size) + 2};
}

}  // namespace

source_text::source_text(std::string name, std::string bytes) : name_(std::move(name)), bytes_(std::move(bytes)) {
  line_begin_.push_back(0);
  for (std::size_t at = bytes_.find('\n'); at != std::string::npos; at = bytes_.find('\n', at + 1))
    line_begin_.push_back(at + 1);
}

std::string_view source_text::line(std::size_t number) const {
  if (number == 0 || number > line_begin_.size()) return {};
  const std::size_t begin = line_begin_[number - 1];
  const std::size_t end = number == line_begin_.size() ? bytes_.size() : line_begin_[number] - 1;
  std::string_view line = std::string_view(bytes_).substr(begin, end - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

const source_text &source_texts::add(source_text text) {
  std::string name = text.name();
  return texts_.insert_or_assign(std::move(name), std::move(text)).first->second;
}

const source_text *source_texts::find(std::string_view name) const {
  const auto found = texts_.find(name);
  return found == texts_.end() ? nullptr : &found->second;
}

std::optional<text_fault> find_invalid_utf8(std::string_view bytes) {
  text_fault fault;
  while (fault.offset < bytes.size()) {
    const auto [code, size] = decode(bytes.substr(fault.offset));
    if (code <= 0) return fault;
    fault.offset += size;
    ++fault.column;
    if (code == '\n') {
      ++fault.line;
      fault.column = 1;
    }
  }
  return std::nullopt;
}

shown_char take_shown(std::string_view &rest, std::size_t at) {
  const auto [code, size] = decode(rest);
  const std::string_view bytes = rest.substr(0, size);
  rest.remove_prefix(size);
  if (code < 0) return spelled("0x%02X", static_cast<unsigned char>(bytes[0]));
  if (code == '\t') {
    const std::size_t cells = 4 - at % 4;
    return {std::string(cells, ' '), static_cast<std::uint32_t>(cells)};
  }
  if (must_be_spelled(code)) return spelled("U+%04X", static_cast<unsigned>(code));
  return {std::string(bytes), cells_of(code)};
}

std::string show_text(std::string_view text, bool keep_lines) {
  std::string shown;
  shown.reserve(text.size());
  std::size_t at = 0;
  while (!text.empty()) {
    if (keep_lines && text.front() == '\n') {
      shown += '\n';
      text.remove_prefix(1);
      at = 0;
      continue;
    }
    // Most of what is shown needs no tables of characters.
    const auto plain_end = std::find_if(text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; });
    if (plain_end != text.begin()) {
      const auto size = static_cast<std::size_t>(plain_end - text.begin());
      shown += text.substr(0, size);
      at += size;
      text.remove_prefix(size);
      continue;
    }
    const shown_char next = take_shown(text, at);
    shown += next.text;
    at += next.cells;
  }
  return shown;
}

std::size_t shown_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) width += take_shown(text, width).cells;
  return width;
}

shown_line show_line(std::string_view line, std::uint32_t column, std::uint32_t length, std::size_t width) {
  // Far into a long line the cells before the stretch that is shown are of no interest: skip to a bit before it.
  width = std::max<std::size_t>(width, 12);
  const std::uint32_t first = column > width ? column - static_cast<std::uint32_t>(width) : 1;
  std::string_view rest = line;
  for (std::uint32_t at = 1; at < first && !rest.empty(); ++at) rest.remove_prefix(decode(rest).second);

  std::vector<shown_char> chars;
  const std::size_t none = std::numeric_limits<std::size_t>::max();
  std::size_t cells = 0, mark_begin = none, mark_end = none;
  for (std::uint32_t at = first; !rest.empty(); ++at) {
    if (at == column) mark_begin = cells;
    if (mark_end == none && at >= column && at - column == std::max(length, 1U)) mark_end = cells;
    if (mark_begin != none && cells > mark_begin + width) break;
    chars.push_back(take_shown(rest, cells));
    cells += chars.back().cells;
  }
  mark_begin = std::min(mark_begin, cells);
  mark_end = std::max(std::min(mark_end, cells), mark_begin + 1);

  // The stretch: all of it if it fits, else one that has the mark's beginning, with a third of the width before it.
  std::size_t from = 0;
  const std::size_t needed = std::min(mark_end, mark_begin + width * 2 / 3);
  if ((cells > width || !rest.empty()) && needed + 1 > width)
    from = mark_begin > width / 3 ? mark_begin - width / 3 : 0;
  const bool cut_front = from > 0 || first > 1;

  shown_line shown;
  std::size_t at = 0, used = 0, mark_at = none;
  if (cut_front) {
    shown.text = "…";
    used = 1;
  }
  std::size_t k = 0;
  for (; k < chars.size(); at += chars[k].cells, ++k) {
    // Neither half a wide character nor a mark without its base begins the stretch.
    if (at < from || (used == (cut_front ? 1U : 0U) && cut_front && chars[k].cells == 0)) continue;
    const bool is_last = k + 1 == chars.size() && rest.empty();
    if (used + chars[k].cells + (is_last ? 0 : 1) > width) break;
    if (mark_at == none && at >= mark_begin) mark_at = used;
    shown.text += chars[k].text;
    used += chars[k].cells;
  }
  if (k < chars.size() || !rest.empty()) shown.text += "…";
  shown.mark_begin = mark_at == none ? used : mark_at;
  shown.mark_cells = std::max<std::size_t>(
      1, std::min(mark_end - mark_begin, width > shown.mark_begin ? width - shown.mark_begin : 1));
  return shown;
}

}  // namespace calque::host

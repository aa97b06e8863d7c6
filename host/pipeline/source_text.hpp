// SPDX-License-Identifier: Apache-2.0
// The text of a configuration file, by line, and how a line of it looks in a terminal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calque::host {

/// A file as it was read. Lines end with \n or \r\n; line numbers and columns begin with 1, columns count code points
/// (a byte that is not UTF-8 counts as one).
class source_text {
 public:
  source_text(std::string name, std::string bytes);

  const std::string &name() const { return name_; }
  const std::string &bytes() const { return bytes_; }
  std::size_t line_count() const { return line_begin_.size(); }
  /// The line without its end; empty when there is no such line.
  std::string_view line(std::size_t number) const;

 private:
  std::string name_, bytes_;
  std::vector<std::size_t> line_begin_;
};

/// The files that diagnostics point into, by name.
class source_texts {
 public:
  const source_text &add(source_text text);
  const source_text *find(std::string_view name) const;

 private:
  std::map<std::string, source_text, std::less<>> texts_;
};

/// The place of the first byte that is not UTF-8, or of the first NUL: offset, line and column.
struct text_fault {
  std::size_t offset = 0;
  std::uint32_t line = 1, column = 1;
};
std::optional<text_fault> find_invalid_utf8(std::string_view bytes);

/// One code point as a terminal shows it. Controls, bidi controls and invisible or broken code points have a visible
/// form, ⟨U+202E⟩ or ⟨0xFF⟩, so that no text can rule the terminal or hide in it; tabs reach to the next fourth cell.
struct shown_char {
  std::string text;
  std::uint32_t cells = 1;  // 0: combines with the one before
};

/// Takes the first code point off `rest`. `at` is the cell it begins at, for tabs.
shown_char take_shown(std::string_view &rest, std::size_t at);

/// All of `text`, made safe to print. A line feed stays when `keep_lines` says so, else it is shown.
std::string show_text(std::string_view text, bool keep_lines = false);

/// How many terminal cells `text` fills once shown.
std::size_t shown_width(std::string_view text);

/// A stretch of a line that fits `width` cells, and where the marked columns lie in it.
struct shown_line {
  std::string text;            // … stands where it is cut
  std::size_t mark_begin = 0;  // cells
  std::size_t mark_cells = 1;  // at least 1
};
shown_line show_line(std::string_view line, std::uint32_t column, std::uint32_t length, std::size_t width);

}  // namespace calque::host

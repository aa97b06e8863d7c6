// SPDX-License-Identifier: Apache-2.0
// What a line or a block of a record's page looks like by itself: a label, an address, a date, a marked title.
#pragma once

#include "plugins/common/lines.hpp"
#include "plugins/record/record_layout.hpp"

#include <optional>

namespace calque::plugins {

/// A "Label:" at the front of a line.
struct line_label {
  std::string_view name;          // as printed, without the colon
  std::string_view key;           // empty: not one of the rules' labels
  size_t value_begin, value_end;  // what follows on the line
  bool stands_alone() const { return value_begin == value_end; }
};

/// Lines between blank ones: [first, last) of the page's lines.
struct text_block {
  size_t first, last;
};

/// Bytes [begin, end) of the text.
struct text_part {
  size_t begin, end;
};

/// The lines of a page without the blanks at their ends, and the blocks that they form.
class page_lines {
 public:
  page_lines(std::string_view text, const record_rules &rules);

  std::string_view text() const { return text_; }
  const std::vector<line> &lines() const { return lines_; }
  const std::vector<text_block> &blocks() const { return blocks_; }
  std::string_view line_text(size_t l) const { return text_.substr(lines_[l].begin, lines_[l].end - lines_[l].begin); }
  std::string_view block_text(size_t b) const {
    const size_t begin = lines_[blocks_[b].first].begin;
    return text_.substr(begin, lines_[blocks_[b].last - 1].end - begin);
  }
  size_t line_count(size_t b) const { return blocks_[b].last - blocks_[b].first; }

  /// A label that the rules know.
  std::optional<line_label> known_label(size_t l) const;
  /// A label by its shape, known or not: a few words that begin like a heading, then a colon.
  std::optional<line_label> any_label(size_t l) const;
  /// The address in a line that holds nothing else, with or without < >; empty if it is none.
  text_part address(size_t l) const;
  bool is_address(size_t l) const { return address(l).begin != address(l).end; }
  /// A block between the marks of a title.
  bool is_marked_title(size_t b) const;
  /// One short line that is a date, or says that there is none.
  bool is_date(size_t b) const;
  bool begins_with_known_label(size_t b) const { return known_label(blocks_[b].first).has_value(); }
  bool is_lone_label(size_t b) const {
    const auto label = known_label(blocks_[b].first);
    return label && label->stands_alone();
  }
  /// The block's text with marks and looks left out, for comparison.
  std::string plain(size_t b) const;

 private:
  std::string_view text_;
  const record_rules &rules_;
  std::vector<line> lines_;
  std::vector<text_block> blocks_;
};

}  // namespace calque::plugins

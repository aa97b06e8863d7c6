// SPDX-License-Identifier: Apache-2.0
// The inline pass: emphasis, links, notes, code and the rest in the text of one block.
#pragma once

#include "plugins/markdown/block_reader.hpp"

#include <algorithm>
#include <deque>
#include <map>

namespace markdown {

/// The text of a block without the marks of what holds it, and where each piece of it stands.
class content {
 public:
  /// A stretch of the text that was read, as it is.
  content(std::string_view whole, uint32_t begin, uint32_t end) : text_(whole.substr(begin, end - begin)), base_(begin) {}
  /// Made piece by piece.
  content() = default;
  void add(std::string_view piece, uint32_t begin, uint32_t end) {
    pieces_.push_back({static_cast<uint32_t>(made_.size()), begin, end});
    made_ += piece;
  }
  std::string_view text() const { return pieces_.empty() ? text_ : std::string_view(made_); }
  void shorten(size_t size) {
    if (pieces_.empty()) {
      text_ = text_.substr(0, size);
      return;
    }
    while (pieces_.size() > 1 && pieces_.back().at >= size) {
      made_.resize(pieces_.back().at);
      pieces_.pop_back();
    }
    // A piece that equals its place goes on doing so, or what is cut from it would stand for all of it.
    piece &last = pieces_.back();
    if (last.end - last.begin == made_.size() - last.at) last.end = last.begin + static_cast<uint32_t>(size - last.at);
    made_.resize(size);
  }

  /// Calls f(text, begin, end) for each piece that [begin, end) touches, with where it stands in the text read.
  template <class F>
  void each(uint32_t begin, uint32_t end, F &&f) const {
    if (pieces_.empty()) {
      f(text_.substr(begin, end - begin), base_ + begin, base_ + end);
      return;
    }
    for (size_t k = piece_at(begin); begin < end; ++k) {
      const uint32_t stop = std::min(end_of(k), end);
      const piece &p = pieces_[k];
      const bool is_equal = p.end - p.begin == end_of(k) - p.at;
      f(std::string_view(made_).substr(begin, stop - begin), is_equal ? p.begin + (begin - p.at) : p.begin,
        is_equal ? p.begin + (stop - p.at) : p.end);
      begin = stop;
    }
  }
  /// Where [begin, end) stands in the text read.
  std::pair<uint32_t, uint32_t> place_of(uint32_t begin, uint32_t end) const {
    if (pieces_.empty()) return {base_ + begin, base_ + end};
    std::pair<uint32_t, uint32_t> found{UINT32_MAX, 0};
    each(begin, std::max(end, begin), [&](std::string_view, uint32_t from, uint32_t to) {
      found.first = std::min(found.first, from);
      found.second = to;
    });
    if (found.first == UINT32_MAX) found.first = found.second = begin < made_.size() ? pieces_[piece_at(begin)].begin : pieces_.back().end;
    return found;
  }

 private:
  struct piece {
    uint32_t at, begin, end;
  };
  size_t piece_at(uint32_t place) const {
    const auto after = std::upper_bound(pieces_.begin(), pieces_.end(), place,
                                        [](uint32_t wanted, const piece &p) { return wanted < p.at; });
    return static_cast<size_t>(after - pieces_.begin()) - 1;
  }
  uint32_t end_of(size_t k) const { return k + 1 < pieces_.size() ? pieces_[k + 1].at : static_cast<uint32_t>(made_.size()); }

  std::string_view text_;
  uint32_t base_ = 0;
  std::string made_;
  std::vector<piece> pieces_;
};

enum class inline_kind : uint8_t {
  text, soft_break, hard_break, code, html, math,                        // leaves
  call,                                                                  // of a note: data is its block
  root, emphasis, strong, strikeout, link, image, span, note, gone       // containers
};

constexpr uint32_t no_node = UINT32_MAX;

struct inline_node {
  inline_kind kind;
  uint32_t begin, end;    // in the content: all of what it was written as
  std::string_view text;  // leaves: what it says
  uint32_t data = no_node;
  uint32_t first = no_node, last = no_node, next = no_node, previous = no_node;
};

struct inline_data {
  std::string target, title;
  bool has_title = false;
  attributes attrs;
};

/// The nodes of one block; 0 is the root. Valid until the next read.
class inline_reader {
 public:
  inline_reader(const block_tree &tree, bool autolinks) : tree_(tree), autolinks_(autolinks) {}
  void read(std::string_view text);
  const inline_node &node(uint32_t k) const { return nodes_[k]; }
  const inline_data &data(const inline_node &n) const { return data_[n.data]; }

 private:
  struct delimiter {
    uint32_t node;
    char mark;
    uint32_t count, original;
    bool can_open, can_close;
    uint32_t previous, next;
  };
  struct bracket {
    uint32_t node, at;  // at: behind it
    bool is_image, is_note, is_active, has_bracket_after;
    uint32_t delimiter;  // the last one before it
  };

  // inline_reader.cpp
  uint32_t add(inline_kind kind, size_t begin, size_t end, std::string_view text);
  uint32_t add_text(size_t begin, size_t end) { return add(inline_kind::text, begin, end, s_.substr(begin, end - begin)); }
  void unlink(uint32_t k);
  void insert_after(uint32_t k, uint32_t made);
  /// Moves the siblings between two nodes (or to the end) into a container.
  void gather(uint32_t container, uint32_t first, uint32_t last);
  void line_end();
  void backslash();
  void reference();
  void code();
  void math();
  void angle();
  void marks();
  void caret();
  void open_bracket(size_t size, bool is_image, bool is_note);
  void close_bracket();
  void pop_bracket();
  void attach_attributes(uint32_t k);
  uint32_t data_of(uint32_t k);

  // emphasis.cpp
  void emphasis(uint32_t bottom);
  void remove(uint32_t delimiter);

  // autolinks.cpp
  bool web_address();
  void mail_addresses();
  void link_mail(uint32_t k);
  size_t angle_link(size_t at, std::string &target) const;

  const block_tree &tree_;
  bool autolinks_;
  std::string_view s_;
  size_t at_ = 0;
  std::vector<inline_node> nodes_;
  std::vector<inline_data> data_;
  std::vector<delimiter> delimiters_;
  uint32_t last_delimiter_ = no_node;
  std::vector<bracket> brackets_;
  size_t open_links_ = 0;  // brackets that may begin a link
  std::deque<std::string> strings_;
  missing_ends no_end_;
  std::map<size_t, size_t> last_backticks_;  // run length → where the last one of it begins
  size_t no_dollar_ = none;
};

}  // namespace markdown

// SPDX-License-Identifier: Apache-2.0
// Lines of nested blocks: each open block has a prefix for its first line and one for the others.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace edition {

class prefixed_lines {
 public:
  void open(std::string_view first, std::string_view others) {
    levels_.push_back({std::string(first), std::string(others)});
  }
  /// A block whose first line was never written still shows its prefix: an empty item is an item.
  void close() {
    if (!levels_.back().is_begun) line({});
    levels_.pop_back();
  }
  /// Ends a block: a blank line stands before the next line.
  void part() { is_parted_ = !out_.empty(); }
  /// Takes back a blank line that has not been written yet.
  void join() { is_parted_ = false; }
  void line(std::string_view text) {
    if (is_parted_) {
      std::string prefix;
      for (const level &l : levels_)
        if (l.is_begun) prefix += l.others;
      put(prefix, {});
    }
    is_parted_ = false;
    std::string prefix;
    for (level &l : levels_) {
      prefix += l.is_begun ? l.others : l.first;
      l.is_begun = true;
    }
    put(prefix, text);
  }
  /// Every line of a text.
  void lines(std::string_view text) {
    for (size_t at = 0; at <= text.size();) {
      const size_t end = std::min(text.find('\n', at), text.size());
      line(text.substr(at, end - at));
      at = end + 1;
    }
  }
  bool is_empty() const { return out_.empty(); }
  /// Columns that the prefixes take.
  size_t indent() const {
    size_t columns = 0;
    for (const level &l : levels_) columns += l.others.size();
    return columns;
  }
  std::string take() { return std::move(out_); }

 private:
  struct level {
    std::string first, others;
    bool is_begun = false;
  };
  void put(std::string prefix, std::string_view text) {
    if (text.empty())
      while (!prefix.empty() && prefix.back() == ' ') prefix.pop_back();
    out_ += prefix;
    out_ += text;
    out_ += '\n';
  }
  std::vector<level> levels_;
  std::string out_;
  bool is_parted_ = false;
};

}  // namespace edition

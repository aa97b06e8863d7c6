// SPDX-License-Identifier: Apache-2.0
// One pass over the leaves of a block. Blanks wait until the word after them shows what they part.
#include "plugins/whitespace/blanks.hpp"

#include "plugins/common/characters.hpp"

namespace calque::plugins {
namespace {

bool is_no_break(char32_t c) {
  return c == 0xa0 || c == 0x202f || c == 0x2007;
}

class blank_tidier {
 public:
  explicit blank_tidier(const blank_rules &rules) : rules_(rules) {}

  std::vector<blank_edit> tidy(const std::vector<blank_leaf> &leaves) {
    for (size_t l = 0; l < leaves.size(); ++l) {
      switch (leaves[l].what) {
        case blank_leaf::is::text:
          read(l, leaves[l].text);
          break;
        case blank_leaf::is::other:
          word_comes();
          break;
        case blank_leaf::is::soft_break:
        case blank_leaf::is::line_break:
          // A break parts words by itself.
          drop_waiting("whitespace.beside-break");
          at_break_ = true;
          break;
      }
    }
    drop_waiting("whitespace.block-end");
    return std::move(edits_);
  }

 private:
  struct run {
    size_t leaf, begin, end;
    std::string_view text;
  };

  void read(size_t leaf, std::string_view text) {
    for (size_t at = 0; at < text.size();) {
      const size_t here = at;
      const char32_t c = next_character(text, at);
      const bool blank = is_blank(c) || c == '\n' || c == '\r';
      if (blank && !(rules_.keep_nbsp && is_no_break(c))) {
        if (!waiting_.empty() && waiting_.back().leaf == leaf && waiting_.back().end == here) {
          waiting_.back().end = at;
          waiting_.back().text = text.substr(waiting_.back().begin, at - waiting_.back().begin);
        } else {
          waiting_.push_back({leaf, here, at, text.substr(here, at - here)});
        }
        continue;
      }
      if (c == 0xad && rules_.remove_soft_hyphens) {
        // Edits ascend: what waits before it is settled as between words.
        if (!waiting_.empty()) word_comes();
        edits_.push_back({leaf, here, at, "", "whitespace.soft-hyphen"});
        continue;
      }
      word_comes();
    }
  }

  /// Words stand on both sides, or the block or a line begins here.
  void word_comes() {
    if (at_begin_ || at_break_) {
      drop_waiting(at_begin_ ? "whitespace.block-begin" : "whitespace.beside-break");
    } else if (!waiting_.empty()) {
      bool kept = false;
      for (const run &r : waiting_) {
        if (kept)
          edits_.push_back({r.leaf, r.begin, r.end, "", "whitespace.blanks"});
        else if (!is_single(r.text))
          edits_.push_back({r.leaf, r.begin, r.end, " ", code_of(r.text)});
        kept = true;
      }
      waiting_.clear();
    }
    at_begin_ = at_break_ = false;
  }

  void drop_waiting(std::string_view code) {
    for (const run &r : waiting_) edits_.push_back({r.leaf, r.begin, r.end, "", code});
    waiting_.clear();
  }

  /// A space, or one of the wide and thin spaces that somebody chose.
  bool is_single(std::string_view text) const {
    size_t at = 0;
    const char32_t c = next_character(text, at);
    return at == text.size() && c >= ' ' && (rules_.keep_nbsp || !is_no_break(c));
  }
  static std::string_view code_of(std::string_view text) {
    size_t at = 0;
    return is_no_break(next_character(text, at)) && at == text.size() ? "whitespace.no-break-space"
                                                                      : "whitespace.blanks";
  }

  blank_rules rules_;
  std::vector<run> waiting_;
  std::vector<blank_edit> edits_;
  bool at_begin_ = true, at_break_ = false;
};

}  // namespace

std::vector<blank_edit> tidy_blanks(const std::vector<blank_leaf> &leaves, const blank_rules &rules) {
  return blank_tidier(rules).tidy(leaves);
}

}  // namespace calque::plugins

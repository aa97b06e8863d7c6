// SPDX-License-Identifier: Apache-2.0
// Text and inlines in reading order: blocks open when their first word comes, white space is what HTML shows of it.
#pragma once

#include "plugins/common/html/account.hpp"
#include "plugins/common/html/characters.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace calque::plugins::html_reading {

using attributes = std::vector<std::pair<std::string, std::string>>;

/// How the next inline content comes into the container that is open.
struct text_place {
  /// loose: each stretch between blocks is a block of its own. direct: inlines stand in the container itself.
  /// single: one block takes all; what would end it becomes a line break.
  enum class way { loose, direct, single };
  way how = way::loose;
  kind block = kind::paragraph;
  attributes attrs;
};

class flow {
 public:
  flow(account &to, const tree &page) : account_(to), tree_(page), characters_(page.text()) {}

  /// White space at the ends of blocks goes, a run within is one blank, as HTML shows it. In a `code_block` all stays.
  void text(std::string_view bytes, stretch part, bool has_markup);
  /// An attribute's value as text.
  void attribute_text(const attribute &from);
  /// Bytes as they are, without character references.
  void verbatim(std::string_view bytes, stretch from, bool is_same) { piece({bytes, from, is_same}); }
  void line_break(stretch tag);
  /// The end of a word that no blank ends: what is before and what comes are shown apart.
  void end_word(size_t at) {
    if (!keeps_space()) blank({at, at}, false);
  }
  /// A leaf without text: an image or an anchor.
  uint32_t empty_leaf(kind k, size_t at);
  /// Text that the file does not hold.
  void insert(std::string_view bytes, size_t at);

  void enter_inline(kind k, attributes attrs);
  /// With `even_empty` the inline is kept when nothing stands in it.
  void leave_inline(bool even_empty = false);
  void enter_code() { ++now_.code; }
  void leave_code() { --now_.code; }
  void enter_math() { now_.is_math = true; }
  void leave_math() { now_.is_math = false; }

  /// Opens the block of the place, though nothing may come to stand in it.
  void begin_block() { open(); }
  /// The end of a block, or the beginning of another one.
  void end_block();
  /// Closes what is open, whatever the place is.
  void close();
  /// Replaces the place for text, and gives the one before.
  text_place put_place(text_place next) { return std::exchange(now_.place, std::move(next)); }
  const text_place &place() const { return now_.place; }

  void write_attributes(attributes &attrs);

  bool is_written() const { return is_written_; }
  /// After a node that something else wrote.
  void ends_leaf() { now_.can_go_on = false; }
  builder &out() { return account_.out(); }
  characters &letters() { return characters_; }

 private:
  struct wanted_inline {
    kind k;
    attributes attrs;
  };
  struct pending {
    enum class what { blank, line_end, line_break, block_end } what;
    stretch from;
  };

 public:
  /// An aside is written in the midst of the flow: what is open outside stays open, and waits.
  struct state {
    text_place place;
    std::vector<wanted_inline> wanted;
    std::vector<std::unique_ptr<scope>> opened;  // of `wanted`, from the first on
    std::unique_ptr<scope> block;
    std::vector<pending> waiting;
    bool is_open = false, has_text = false, can_go_on = false, ends_blank = false;
    kind last = kind::text;
    size_t last_end = 0;  // of what was put last, in the file
    int code = 0;
    bool is_math = false;
  };
  class detour {
   public:
    explicit detour(flow &of) : of_(of), outside_(std::exchange(of.now_, state{})) {}
    ~detour() {
      of_.now_ = std::move(outside_);
      of_.now_.can_go_on = false;
    }
    detour(const detour &) = delete;
    detour &operator=(const detour &) = delete;

   private:
    flow &of_;
    state outside_;
  };

 private:
  bool keeps_space() const { return now_.place.block == kind::code_block && now_.place.how == text_place::way::single; }
  void piece(const text_piece &p);
  void blank(stretch from, bool has_line_end);
  void open();
  void flush();
  void open_inlines();
  void put(kind k, std::string_view bytes, stretch from, bool is_same);

  account &account_;
  const tree &tree_;
  characters characters_;
  state now_;
  bool is_written_ = false;
};

}  // namespace calque::plugins::html_reading

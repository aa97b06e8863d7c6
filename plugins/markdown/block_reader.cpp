// SPDX-License-Identifier: Apache-2.0
// Reads line by line: the containers that go on, the blocks that begin, and whether the line goes on with a paragraph.
#include "plugins/markdown/block_reader.hpp"

#include "plugins/markdown/block_starts.hpp"

#include <calque/calque.hpp>

#include <algorithm>
#include <cstring>

namespace markdown {

using std::string_view;

namespace {

constexpr uint32_t code_indent = 4;
// No document is deeper, and lines pass through every block that is open.
constexpr size_t most_open = 1024;
// A row may have fewer cells than its table; what is filled up is bounded, or a short file would make a huge one.
constexpr size_t most_filled_cells = 200'000;

class block_reader {
 public:
  block_reader(string_view text, size_t from) {
    tree_.text = text;
    tree_.blocks.push_back({.kind = block_kind::document, .begin = static_cast<uint32_t>(from)});
    open_.push_back(0);
    at_ = static_cast<uint32_t>(from);
  }

  block_tree read() {
    const string_view text = tree_.text;
    while (at_ < text.size()) {
      const char *begin = text.data() + at_;
      const auto *feed = static_cast<const char *>(std::memchr(begin, '\n', text.size() - at_));
      size_t end = feed ? static_cast<size_t>(feed - text.data()) : text.size();
      size_t next = feed ? end + 1 : end;
      if (const auto *carriage = static_cast<const char *>(std::memchr(begin, '\r', end - at_))) {
        end = static_cast<size_t>(carriage - text.data());
        next = end + 1 < text.size() && text[end + 1] == '\n' ? end + 2 : end + 1;
      }
      line_begin_ = at_;
      line_end_ = static_cast<uint32_t>(end);
      next_ = static_cast<uint32_t>(next);
      column_ = 0;
      pad_ = 0;
      ++line_number_;
      read_line();
      at_ = next_;
    }
    line_begin_ = static_cast<uint32_t>(text.size());
    close_from(1);
    tree_.blocks[0].end = line_begin_;
    return std::move(tree_);
  }

 private:
  // ---- the line ----

  /// From the present place: the first character that is no blank, and the columns before it.
  void look() {
    const string_view text = tree_.text;
    uint32_t column = column_;
    mark_at_ = at_;
    indent_ = pad_;
    for (; mark_at_ < line_end_; ++mark_at_) {
      if (text[mark_at_] == ' ') {
        ++column, ++indent_;
      } else if (text[mark_at_] == '\t') {
        const uint32_t width = 4 - column % 4;
        column += width, indent_ += width;
      } else {
        break;
      }
    }
    mark_column_ = column;
    is_blank_ = mark_at_ >= line_end_;
  }
  string_view rest() const { return tree_.text.substr(mark_at_, line_end_ - mark_at_); }
  void go_to_mark() {
    at_ = mark_at_;
    column_ = mark_column_;
    pad_ = 0;
  }
  void skip(uint32_t bytes) {
    at_ += bytes;
    column_ += bytes;
  }
  /// Passes over so many columns of blanks; a tab may be taken in part, and the rest of it stays as padding.
  void skip_columns(uint32_t columns) {
    while (columns > 0) {
      if (pad_ > 0) {
        const uint32_t taken = std::min(pad_, columns);
        pad_ -= taken;
        columns -= taken;
        continue;
      }
      if (at_ >= line_end_) return;
      if (tree_.text[at_] == '\t') {
        pad_ = 4 - column_ % 4;
        column_ += pad_;
        ++at_;
      } else if (tree_.text[at_] == ' ') {
        skip(1);
        --columns;
      } else {
        return;
      }
    }
  }

  // ---- the tree ----

  block &top() { return tree_.blocks[open_.back()]; }
  block &at(uint32_t k) { return tree_.blocks[k]; }

  bool can_hold(block_kind parent, block_kind child) const {
    if (parent == block_kind::list) return child == block_kind::item;
    if (parent == block_kind::definition_list) return child == block_kind::definition || child == block_kind::term;
    return is_container(parent) && child != block_kind::item;
  }

  uint32_t add(block_kind kind) {
    while (!can_hold(top().kind, kind)) close_from(open_.size() - 1);
    const auto index = static_cast<uint32_t>(tree_.blocks.size());
    block made{.kind = kind};
    made.begin = line_begin_;
    made.end = line_end_;
    made.start = line_number_;
    made.first_line = static_cast<uint32_t>(tree_.lines.size());
    tree_.blocks.push_back(made);
    append(open_.back(), index);
    for (uint32_t k : open_) at(k).ends_blank = false;
    if (open_.size() >= most_open)
      throw calque::failure("markdown.too-deep",
                            "line " + std::to_string(line_number_) + ": more than " + std::to_string(most_open) +
                                " blocks lie in each other",
                            "check whether the marks at the begin of the line are meant as quotes or lists");
    open_.push_back(index);
    return index;
  }
  void append(uint32_t parent, uint32_t child) {
    block &p = at(parent);
    block &c = at(child);
    c.parent = parent;
    c.previous = p.last;
    c.next = no_block;
    if (p.last != no_block)
      at(p.last).next = child;
    else
      p.first = child;
    p.last = child;
  }
  void detach(uint32_t child) {
    block &c = at(child);
    block &p = at(c.parent);
    (c.previous != no_block ? at(c.previous).next : p.first) = c.next;
    (c.next != no_block ? at(c.next).previous : p.last) = c.previous;
  }

  void add_line() {
    tree_.lines.push_back({at_, line_end_, next_, pad_});
    ++top().line_count;
    top().end = next_;
  }

  void close_from(size_t depth) {
    while (open_.size() > depth) {
      const uint32_t k = open_.back();
      open_.pop_back();
      close(k);
    }
  }

  void close(uint32_t k) {
    block &b = at(k);
    b.is_open = false;
    switch (b.kind) {
      case block_kind::paragraph:
        take_definitions(k);
        if (at(k).line_count == 0) detach(k);
        break;
      case block_kind::code:
        if (!b.is_fenced) {
          // Blank lines at its end are not its own.
          while (b.line_count > 0 && is_blank_line(tree_.lines[b.first_line + b.line_count - 1])) --b.line_count;
        }
        break;
      case block_kind::list:
        for (uint32_t item = b.first; item != no_block && !b.is_loose; item = at(item).next) {
          if (at(item).next != no_block && ends_blank(item)) b.is_loose = true;
          for (uint32_t child = at(item).first; child != no_block && !b.is_loose; child = at(child).next)
            if (at(child).next != no_block && ends_blank(child)) b.is_loose = true;
        }
        break;
      default:
        break;
    }
    if (is_container(b.kind)) {
      if (b.last != no_block) b.end = std::max(b.end, at(b.last).end);
      if (b.kind == block_kind::note || b.kind == block_kind::division) b.end = std::max(b.end, line_begin_);
    }
  }

  bool is_blank_line(const line_part &l) const {
    return after_blanks(tree_.text.substr(l.begin, l.end - l.begin), 0) == l.end - l.begin;
  }

  /// Whether a blank line follows the block, at whatever depth of lists it ends.
  bool ends_blank(uint32_t k) {
    for (;;) {
      const block &b = at(k);
      if (b.ends_blank) return true;
      if ((b.kind != block_kind::list && b.kind != block_kind::item) || b.last == no_block) return false;
      k = b.last;
    }
  }

  // ---- one line ----

  enum class goes_on { yes, no, done };

  goes_on continues(size_t depth) {
    block &b = at(open_[depth]);
    switch (b.kind) {
      case block_kind::document:
      case block_kind::list:
        return goes_on::yes;
      case block_kind::definition_list:
        return goes_on::yes;
      case block_kind::quote:
        if (indent_ >= code_indent || is_blank_ || tree_.text[mark_at_] != '>') return goes_on::no;
        go_to_mark();
        skip(1);
        if (at_ < line_end_ && is_blank(tree_.text[at_])) skip_columns(1);
        return goes_on::yes;
      case block_kind::item:
      case block_kind::definition:
        if (is_blank_) {
          if (b.first == no_block) return goes_on::no;
          go_to_mark();
          return goes_on::yes;
        }
        if (indent_ < b.indent) return goes_on::no;
        skip_columns(b.indent);
        return goes_on::yes;
      case block_kind::note:
        if (is_blank_) {
          go_to_mark();
          return goes_on::yes;
        }
        if (indent_ < code_indent) return goes_on::no;
        skip_columns(code_indent);
        return goes_on::yes;
      case block_kind::division:
        return division_goes_on(depth);
      case block_kind::paragraph:
      case block_kind::table:
        return is_blank_ ? goes_on::no : goes_on::yes;
      case block_kind::code:
        return code_goes_on(b);
      case block_kind::html:
        return is_blank_ && b.level >= 6 ? goes_on::no : goes_on::yes;
      default:
        return goes_on::no;
    }
  }

  goes_on division_goes_on(size_t depth) {
    if (is_blank_ || indent_ >= code_indent || tree_.text[mark_at_] != ':') return goes_on::yes;
    size_t behind = 0;
    if (division_fence(rest(), behind) == 0 || behind != rest().size()) return goes_on::yes;
    // A fence closes the innermost division, and none in a block of code.
    for (size_t k = depth + 1; k < open_.size(); ++k) {
      const block &inner = at(open_[k]);
      if (inner.kind == block_kind::division || inner.kind == block_kind::html ||
          (inner.kind == block_kind::code && inner.is_fenced))
        return goes_on::yes;
    }
    at(open_[depth]).end = next_;
    close_from(depth);
    return goes_on::done;
  }

  goes_on code_goes_on(block &b) {
    if (!b.is_fenced) {
      if (indent_ >= code_indent) {
        skip_columns(code_indent);
        return goes_on::yes;
      }
      if (!is_blank_) return goes_on::no;
      go_to_mark();
      return goes_on::yes;
    }
    if (indent_ < code_indent && !is_blank_ && tree_.text[mark_at_] == b.mark) {
      const string_view line = rest();
      const size_t length = run_of(line, 0, b.mark);
      if (length >= b.length && after_blanks(line, length) == line.size()) {
        b.end = next_;
        close_from(open_.size() - 1);
        return goes_on::done;
      }
    }
    skip_columns(std::min(b.indent, indent_));
    return goes_on::yes;
  }

  void read_line() {
    size_t depth = 1;
    for (; depth < open_.size(); ++depth) {
      look();
      const goes_on answer = continues(depth);
      if (answer == goes_on::done) return;
      if (answer == goes_on::no) break;
    }
    // Whatever is open deeper than this is closed, unless the line goes on with its paragraph.
    matched_ = depth;
    look();
    const block_kind reached = at(open_[depth - 1]).kind;
    bool holds_lines = !is_container(reached) && reached != block_kind::paragraph && reached != block_kind::table;
    while (!holds_lines) {
      look();
      if (is_blank_) break;
      const started s = start();
      if (s == started::nothing) break;
      if (s == started::line_done) return;
      holds_lines = s == started::leaf;
    }
    add_rest();
  }

  block_kind reached_kind() { return at(open_[matched_ - 1]).kind; }

  void close_unmatched() {
    close_from(matched_);
    matched_ = open_.size();
  }
  /// Adds a block below what the line has reached so far.
  uint32_t begin(block_kind kind) {
    close_unmatched();
    const uint32_t index = add(kind);
    matched_ = open_.size();
    return index;
  }

  enum class started { nothing, container, leaf, line_done };

  started start() {
    const bool in_paragraph = top().kind == block_kind::paragraph;
    if (indent_ >= code_indent) {
      // Indented code cannot interrupt a paragraph.
      if (in_paragraph || reached_kind() == block_kind::table) return started::nothing;
      skip_columns(code_indent);
      begin(block_kind::code);
      return started::leaf;
    }
    const string_view line = rest();
    const bool at_paragraph = reached_kind() == block_kind::paragraph;
    switch (line[0]) {
      case '>':
        go_to_mark();
        skip(1);
        if (at_ < line_end_ && is_blank(tree_.text[at_])) skip_columns(1);
        begin(block_kind::quote);
        return started::container;
      case '#':
        if (const size_t marks = heading_marks(line)) return start_heading(line, marks);
        return started::nothing;
      case '`':
      case '~':
        if (const size_t length = fence_length(line)) return start_fence(line, length);
        return line[0] == '~' ? start_definition(line) : started::nothing;
      case '<':
        if (const int kind = html_start(line); kind != 0 && (kind != 7 || (!at_paragraph && !is_lazy()))) {
          const uint32_t index = begin(block_kind::html);
          at(index).level = static_cast<uint8_t>(kind);
          return started::leaf;
        }
        return started::nothing;
      case '[':
        return start_note(line);
      case ':':
        if (at_paragraph && start_table(line)) return started::line_done;
        if (const started s = start_division(line); s != started::nothing) return s;
        return start_definition(line);
      case '|':
        return at_paragraph && start_table(line) ? started::line_done : started::nothing;
      case '=':
        return at_paragraph && start_setext(line) ? started::line_done : started::nothing;
      case '-':
        if (at_paragraph && start_table(line)) return started::line_done;
        if (at_paragraph && start_setext(line)) return started::line_done;
        [[fallthrough]];
      case '_':
      case '*':
        if (is_rule(line)) {
          const uint32_t index = begin(block_kind::rule);
          at(index).end = next_;
          close_from(open_.size() - 1);
          return started::line_done;
        }
        [[fallthrough]];
      default:
        return start_item(line);
    }
  }

  bool is_lazy() { return matched_ < open_.size() && top().kind == block_kind::paragraph; }

  started start_heading(string_view line, size_t marks) {
    const uint32_t index = begin(block_kind::heading);
    at(index).level = static_cast<uint8_t>(marks);
    size_t first = after_blanks(line, marks), last = line.size();
    while (last > first && is_blank(line[last - 1])) --last;
    size_t closing = last;
    while (closing > first && line[closing - 1] == '#') --closing;
    if (closing == first || is_blank(line[closing - 1])) {
      last = closing;
      while (last > first && is_blank(line[last - 1])) --last;
    }
    const auto base = mark_at_;
    tree_.lines.push_back({base + static_cast<uint32_t>(first), base + static_cast<uint32_t>(last), next_, 0});
    at(index).line_count = 1;
    at(index).end = next_;
    close_from(open_.size() - 1);
    return started::line_done;
  }

  started start_fence(string_view line, size_t length) {
    const uint32_t index = begin(block_kind::code);
    block &b = at(index);
    b.is_fenced = true;
    b.mark = line[0];
    b.length = static_cast<uint32_t>(length);
    b.indent = indent_;
    size_t first = after_blanks(line, length), last = line.size();
    while (last > first && is_blank(line[last - 1])) --last;
    b.info_begin = mark_at_ + static_cast<uint32_t>(first);
    b.info_end = mark_at_ + static_cast<uint32_t>(last);
    b.end = next_;
    return started::line_done;
  }

  started start_note(string_view line) {
    string_view label;
    const size_t size = note_mark(line, label);
    if (size == 0) return started::nothing;
    const std::string key = normalized_label(label);
    if (tree_.notes.contains(key)) return started::nothing;
    go_to_mark();
    skip(static_cast<uint32_t>(size));
    // Blanks behind the mark are no indentation.
    look();
    go_to_mark();
    const uint32_t index = begin(block_kind::note);
    tree_.notes.emplace(key, index);
    return started::container;
  }

  started start_division(string_view line) {
    size_t behind = 0;
    if (top().kind == block_kind::paragraph) return started::nothing;
    if (division_fence(line, behind) == 0 || behind >= line.size()) return started::nothing;
    attributes found;
    size_t after = none;
    if (line[behind] == '{') {
      after = read_attributes(line, behind, found);
    } else {
      after = behind;
      while (after < line.size() && !is_blank(line[after]) && line[after] != ':') ++after;
      found.classes = line.substr(behind, after - behind);
      if (found.classes.find_first_of("{}[]()<>\"'`") != std::string::npos) return started::nothing;
    }
    if (after == none) return started::nothing;
    after = after_blanks(line, after);
    after = after_blanks(line, after + run_of(line, after, ':'));
    if (after != line.size()) return started::nothing;
    const uint32_t index = begin(block_kind::division);
    at(index).number = static_cast<uint32_t>(tree_.attributes_of_divisions.size());
    tree_.attributes_of_divisions.push_back(std::move(found));
    at(index).end = next_;
    return started::line_done;
  }

  started start_item(string_view line) {
    const auto found = read_list_mark(line);
    if (!found) return started::nothing;
    const bool is_empty = after_blanks(line, found->size) == line.size();
    // Within a paragraph only items with text, and numbers from 1.
    if (reached_kind() == block_kind::paragraph && (is_empty || (found->is_ordered && found->number != 1)))
      return started::nothing;
    go_to_mark();
    const uint32_t mark_indent = indent_;
    skip(static_cast<uint32_t>(found->size));
    close_unmatched();
    const uint32_t text_column = content_column(is_empty);
    if (top().kind != block_kind::list || top().mark != found->mark || top().is_ordered != found->is_ordered) {
      if (top().kind == block_kind::list) close_from(open_.size() - 1);
      const uint32_t list = add(block_kind::list);
      at(list).mark = found->mark;
      at(list).is_ordered = found->is_ordered;
      at(list).number = found->number;
    }
    const uint32_t item = add(block_kind::item);
    at(item).indent = mark_indent + static_cast<uint32_t>(found->size) + text_column;
    matched_ = open_.size();
    return started::container;
  }

  /// Passes over the blanks behind a mark; how many columns of them belong to it.
  uint32_t content_column(bool is_empty) {
    look();
    const uint32_t blanks = indent_;
    if (is_empty || blanks == 0 || blanks > code_indent) {
      if (blanks > 0) skip_columns(1);
      return 1;
    }
    skip_columns(blanks);
    return blanks;
  }

  /// ": text" below a line is the definition of that line.
  started start_definition(string_view line) {
    if (line.size() < 2 || !is_blank(line[1])) return started::nothing;
    if (after_blanks(line, 1) == line.size()) return started::nothing;
    const uint32_t parent = open_[holder_depth() - 1];
    uint32_t list = no_block, term = no_block;
    bool is_loose = false;
    if (at(parent).kind == block_kind::definition_list) {
      list = parent;
    } else {
      term = at(parent).last;
      if (term == no_block || at(term).kind != block_kind::paragraph || at(term).line_count != 1) return started::nothing;
      if (at(term).is_open) take_definitions(term);
      if (at(term).line_count == 0) return started::nothing;
      // One blank line may stand between.
      const uint32_t between = line_number_ - at(term).start;
      if (between > 2) return started::nothing;
      is_loose = between == 2;
    }
    if (term != no_block) {
      const uint32_t before = at(term).previous;
      if (at(term).is_open) {
        while (open_.back() != parent) {
          at(open_.back()).is_open = false;
          open_.pop_back();
        }
      }
      at(term).kind = block_kind::term;
      if (before != no_block && at(before).kind == block_kind::definition_list) {
        list = before;
        detach(term);
      } else {
        // The list takes the term's place.
        detach(term);
        list = static_cast<uint32_t>(tree_.blocks.size());
        block made{.kind = block_kind::definition_list};
        made.begin = at(term).begin;
        made.start = at(term).start;
        tree_.blocks.push_back(made);
        append(parent, list);
      }
      append(list, term);
      matched_ = std::min(matched_, open_.size());
      close_unmatched();
      open_.push_back(list);
      at(list).is_open = true;
      matched_ = open_.size();
    } else {
      matched_ = holder_depth();
      close_unmatched();
    }
    at(list).is_loose = at(list).is_loose || is_loose;
    go_to_mark();
    const uint32_t mark_indent = indent_;
    skip(1);
    const uint32_t text_column = content_column(false);
    const uint32_t index = add(block_kind::definition);
    at(index).indent = mark_indent + 1 + text_column;
    matched_ = open_.size();
    return started::container;
  }

  /// How many of the open blocks the line has reached that are containers.
  size_t holder_depth() {
    size_t depth = matched_;
    while (depth > 1 && !is_container(at(open_[depth - 1]).kind)) --depth;
    return depth;
  }

  bool start_setext(string_view line) {
    const int level = setext_level(line);
    if (level == 0) return false;
    const uint32_t index = open_.back();
    take_definitions(index);
    if (at(index).line_count == 0) return false;
    block &b = at(index);
    b.kind = block_kind::heading;
    b.is_setext = true;
    b.level = static_cast<uint8_t>(level);
    b.end = next_;
    close_from(open_.size() - 1);
    return true;
  }

  bool start_table(string_view line) {
    const uint32_t index = open_.back();
    if (at(index).kind != block_kind::paragraph || at(index).line_count == 0) return false;
    const std::string alignments = delimiter_row(line.substr(0, line.find_last_not_of(" \t") + 1));
    if (alignments.empty()) return false;
    const line_part head = tree_.lines.back();
    const string_view head_text = tree_.text.substr(head.begin, head.end - head.begin);
    if (cells_of(head_text).size() != alignments.size()) return false;
    if (at(index).line_count == 1) {
      at(index).kind = block_kind::table;
    } else {
      --at(index).line_count;
      at(index).end = head.begin;
      const auto lines = static_cast<uint32_t>(tree_.lines.size());
      close_from(open_.size() - 1);
      const uint32_t table = add(block_kind::table);
      at(table).first_line = lines - 1;
      at(table).line_count = 1;
      matched_ = open_.size();
    }
    block &table = top();
    table.number = static_cast<uint32_t>(alignments.size());
    go_to_mark();
    filled_ = 0;
    add_line();
    return true;
  }

  void add_rest() {
    look();
    if (matched_ < open_.size() && !is_blank_ && top().kind == block_kind::paragraph) {
      // A paragraph goes on lazily, without the marks of what holds it.
      go_to_mark();
      add_line();
      return;
    }
    close_unmatched();
    note_blank();
    switch (top().kind) {
      case block_kind::html: {
        add_line();
        const line_part l = tree_.lines.back();
        if (top().level < 6 && ends_html(tree_.text.substr(l.begin, l.end - l.begin), top().level))
          close_from(open_.size() - 1);
        return;
      }
      case block_kind::code:
        add_line();
        return;
      case block_kind::table:
        if (is_blank_) return;
        go_to_mark();
        add_row();
        return;
      case block_kind::paragraph:
        if (is_blank_) return;
        go_to_mark();
        add_line();
        return;
      default:
        if (is_blank_) return;
        add(block_kind::paragraph);
        go_to_mark();
        add_line();
    }
  }

  void add_row() {
    const size_t cells = cells_of(tree_.text.substr(at_, line_end_ - at_)).size();
    const size_t columns = top().number;
    filled_ += columns > cells ? columns - cells : 0;
    if (filled_ > most_filled_cells) {
      close_from(open_.size() - 1);
      add(block_kind::paragraph);
    }
    add_line();
  }

  /// Remembers whether a blank line ends what stands before it: that is what makes a list loose.
  void note_blank() {
    block &holder = top();
    if (is_blank_ && is_container(holder.kind) && holder.last != no_block) at(holder.last).ends_blank = true;
    const bool counts = is_blank_ && holder.kind != block_kind::quote &&
                        !(holder.kind == block_kind::code && holder.is_fenced) &&
                        !(holder.kind == block_kind::item && holder.first == no_block && holder.start == line_number_);
    holder.ends_blank = counts;
    for (uint32_t k = holder.parent; k != no_block; k = at(k).parent) at(k).ends_blank = false;
  }

  /// Definitions of links at the front of a paragraph are taken out of it.
  void take_definitions(uint32_t k) {
    block &b = at(k);
    if (b.line_count == 0) return;
    const line_part first = tree_.lines[b.first_line];
    if (first.begin >= first.end || tree_.text[first.begin] != '[') return;
    joined_.clear();
    ends_.clear();
    for (uint32_t l = 0; l < b.line_count; ++l) {
      const line_part line = tree_.lines[b.first_line + l];
      joined_ += tree_.text.substr(line.begin, line.end - line.begin);
      joined_ += '\n';
      ends_.push_back(joined_.size());
    }
    size_t taken = 0;
    for (size_t end = 0; taken < joined_.size() && (end = read_definition(taken)) != none;) taken = end;
    const auto lines = static_cast<uint32_t>(std::upper_bound(ends_.begin(), ends_.end(), taken) - ends_.begin());
    b.first_line += lines;
    b.line_count -= lines;
  }

  size_t read_definition(size_t from) {
    const string_view s = joined_;
    string_view label;
    size_t k = read_label(s, from, label);
    if (k == none || k >= s.size() || s[k] != ':') return none;
    if (trimmed(label).empty()) return none;
    auto gap = [&](size_t place) {
      place = after_blanks(s, place);
      if (place < s.size() && s[place] == '\n') place = after_blanks(s, place + 1);
      return place;
    };
    k = gap(k + 1);
    link_definition made;
    if (k >= s.size() || s[k] == '\n') return none;
    const size_t target_end = read_target(s, k, made.target);
    if (target_end == none || (target_end == k)) return none;
    const size_t blanks_end = after_blanks(s, target_end);
    size_t end = blanks_end < s.size() && s[blanks_end] == '\n' ? blanks_end + 1 : none;
    const size_t title_at = gap(target_end);
    if (title_at > target_end) {
      const size_t title_end = read_title(s, title_at, made.title);
      if (title_end != none) {
        const size_t after = after_blanks(s, title_end);
        if (after < s.size() && s[after] == '\n') {
          made.has_title = true;
          end = after + 1;
        }
      }
    }
    if (end == none) return none;
    if (!made.has_title) made.title.clear();
    tree_.links.try_emplace(normalized_label(label), std::move(made));
    return end;
  }

  block_tree tree_;
  std::vector<uint32_t> open_;
  uint32_t at_ = 0, line_begin_ = 0, line_end_ = 0, next_ = 0, column_ = 0, pad_ = 0;
  uint32_t mark_at_ = 0, mark_column_ = 0, indent_ = 0, line_number_ = 0;
  bool is_blank_ = false;
  size_t matched_ = 0, filled_ = 0;
  std::string joined_;
  std::vector<size_t> ends_;
};

}  // namespace

block_tree read_blocks(string_view text, size_t from) { return block_reader(text, from).read(); }

}  // namespace markdown

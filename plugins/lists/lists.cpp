// SPDX-License-Identifier: Apache-2.0
// The normalizer that turns typed items into lists; the marker stays as the item's label.
#include "plugins/lists/lists.hpp"

#include "plugins/common/rebuild_parts.hpp"
#include "plugins/lists/markers.hpp"

#include <algorithm>

namespace calque::plugins {
namespace {

std::string_view name_of(marker::style style) {
  static constexpr std::string_view names[] = {"decimal", "lower_alpha", "upper_alpha", "lower_roman", "upper_roman"};
  return names[static_cast<size_t>(style)];
}
std::string_view name_of(marker::delimiter by) {
  static constexpr std::string_view names[] = {"", "period", "paren", "parens"};
  return names[static_cast<size_t>(by)];
}

/// A paragraph, or some lines of one.
struct piece {
  node paragraph;
  text_range words, places;  // what it holds; up to where the next piece begins
  bool is_first = true, is_last = true;
  std::vector<node> notes;  // behind the paragraph
};

/// Paragraphs in a row, or the lines of one.
struct row {
  std::vector<piece> pieces;
  std::string_view before;  // the text above
  uint32_t end = 0;         // index of the node behind it
};

/// A paragraph cut before each line that begins with a marker.
std::vector<piece> lines_of(node paragraph) {
  const text_range all = paragraph.range();
  std::vector<piece> found{{paragraph, all, {all.begin, all.end + 1}, true, true, {}}};
  for (const node leaf : paragraph.leaves()) {
    if (!leaf.is(kind::soft_break) && !leaf.is(kind::line_break)) continue;
    const text_range line_end = leaf.range();
    if (markers_of(paragraph.text().substr(line_end.end - all.begin)).empty()) continue;
    piece &last = found.back();
    last.words.end = line_end.begin;
    last.places.end = line_end.end;
    last.is_last = false;
    found.push_back({paragraph, {line_end.end, all.end}, {line_end.end, all.end + 1}, false, true, {}});
  }
  return found;
}

class list_writer {
 public:
  list_writer(const lists &rules, document_view document, rewrite &out, const call &c)
      : rules_(rules), document_(document), out_(out), call_(c) {}

  void run() {
    const node root = document_.root();
    find(root);
    if (begins_.empty()) return;
    std::sort(begins_.begin(), begins_.end());
    tree_ = &out_.start_rebuild();
    copier_.emplace(*tree_);
    copy(root);
  }

 private:
  /// Fields are no text, and what this stage has made an item has been looked at.
  static bool is_looked_into(node n) {
    return !n.is_leaf() && !n.is_text_block() && !(n.is(kind::aside) && n.attr("role") == "field") &&
           !(n.is(kind::list_item) && n.attr("label")) && static_cast<uint16_t>(n.kind()) < CALQUE_EMPHASIS;
  }

  std::vector<row> rows_of(node container) const {
    std::vector<row> rows(1);
    std::string_view before;
    auto next_row = [&] {
      if (!rows.back().pieces.empty()) rows.emplace_back();
      rows.back().before = before;
    };
    bool is_cut = false;  // the last row is lines of one paragraph
    for (const node child : container.children()) {
      if (child.is(kind::aside)) {
        if (rows.back().pieces.empty()) continue;
        rows.back().pieces.back().notes.push_back(child);
        rows.back().end = child.end_index();
        continue;
      }
      if (is_cut || !child.is(kind::paragraph)) next_row();
      is_cut = false;
      if (child.is(kind::paragraph)) {
        row cut{lines_of(child), before, child.end_index()};
        if (is_whole_list(cut)) {
          next_row();
          rows.back() = std::move(cut);
          is_cut = true;
        } else {
          const text_range all = child.range();
          rows.back().pieces.push_back({child, all, {all.begin, all.end + 1}, true, true, {}});
          rows.back().end = child.end_index();
        }
      }
      before = child.text();
    }
    return rows;
  }

  /// Whether the lines of a paragraph are items, each of them; the first may announce them.
  bool is_whole_list(const row &lines) const {
    if (lines.pieces.size() < 2) return false;
    const auto found = lists_of(lines);
    return found.size() == 1 && found.front().items.front().paragraph <= 1 &&
           last_paragraph(found.front()) + 1 == lines.pieces.size() &&
           (found.front().items.front().paragraph == 0 || markers_of(lines.pieces.front().paragraph.text()).empty());
  }

  static std::string_view text_of(const piece &p) {
    return p.paragraph.text().substr(p.words.begin - p.paragraph.range().begin, p.words.end - p.words.begin);
  }
  std::vector<found_list> lists_of(const row &r) const {
    std::vector<std::string_view> texts;
    for (const piece &p : r.pieces) texts.push_back(text_of(p));
    return find_lists(texts, r.before, {rules_.bullets, rules_.numbers});
  }

  void find(node container) {
    for (const row &r : rows_of(container))
      if (!lists_of(r).empty()) begins_.push_back(r.pieces.front().paragraph.index());
    for (const node child : container.children())
      if (is_looked_into(child)) find(child);
  }
  /// Whether a row with a list begins below the node.
  bool holds_lists(node n) const {
    const auto next = std::lower_bound(begins_.begin(), begins_.end(), n.index());
    return next != begins_.end() && *next < n.end_index();
  }

  void copy(node container) {
    const std::vector<row> rows = rows_of(container);
    size_t next_row = 0;
    for (uint32_t i = container.index() + 1; i < container.end_index();) {
      const node child = document_.at(i);
      if (next_row < rows.size() && !rows[next_row].pieces.empty() &&
          rows[next_row].pieces.front().paragraph.index() == i) {
        copy_row(rows[next_row]);
        i = rows[next_row++].end;
        continue;
      }
      if (holds_lists(child)) {
        const rebuilt_scope same = tree_->begin_like(child);
        copy(child);
      } else {
        tree_->copy_tree(child);
      }
      i = child.end_index();
    }
  }

  void copy_row(const row &r) {
    size_t at = 0;
    auto copy_plain = [&](size_t end) {
      for (; at < end; ++at) write(r.pieces[at], 0);
    };
    for (const found_list &list : lists_of(r)) {
      copy_plain(list.items.front().paragraph);
      const size_t last = last_paragraph(list);
      call_.report_at(level::info, text_range{r.pieces[at].words.begin, r.pieces[last].words.end}, "lists.found",
                      std::to_string(list.items.size()) + " paragraphs or lines are items of a list");
      write(list, r);
      at = last + 1;
    }
    copy_plain(r.pieces.size());
  }

  static size_t last_paragraph(const found_list &list) {
    const auto &item = list.items.back();
    return item.below.empty() ? item.paragraph : last_paragraph(item.below.back());
  }

  /// A piece as a paragraph, without the first `marker` bytes, and the notes behind it.
  void write(const piece &p, size_t marker) {
    if (p.is_first && p.is_last && marker == 0) {
      tree_->copy_tree(p.paragraph);
    } else {
      const uint32_t words = p.words.begin + static_cast<uint32_t>(marker);
      const rebuilt_scope open = p.is_first ? tree_->begin_like(p.paragraph) : tree_->begin(kind::paragraph);
      if (!p.is_first)
        p.paragraph.each_attr([&](std::string_view key, std::string_view value) { tree_->attr(key, value); });
      if (words > p.words.begin) copier_->drop(p.paragraph, {p.words.begin, words}, "lists.marker");
      copier_->copy(p.paragraph, {words, p.words.end}, p.places);
    }
    if (!p.is_last) copier_->drop(p.paragraph, {p.words.end, p.places.end}, "lists.line-end");
    for (const node note : p.notes) {
      if (holds_lists(note)) {
        const rebuilt_scope same = tree_->begin_like(note);
        copy(note);
      } else {
        tree_->copy_tree(note);
      }
    }
  }

  void write(const found_list &list, const row &r) {
    const marker &first = list.items.front().mark;
    const bool is_ordered = first.is < marker::style::bullet;
    const rebuilt_scope open = tree_->begin(is_ordered ? kind::ordered_list : kind::bullet_list);
    if (is_ordered) {
      if (first.number != 1) tree_->attr("start", std::to_string(first.number));
      tree_->attr("style", name_of(first.is));
      tree_->attr("delimiter", name_of(first.by));
    }
    for (const auto &item : list.items) {
      const rebuilt_scope one = tree_->begin(kind::list_item);
      const piece &p = r.pieces[item.paragraph];
      tree_->attr("label", text_of(p).substr(item.mark.begin, item.mark.end - item.mark.begin));
      write(p, item.mark.text_begin);
      for (const found_list &below : item.below) write(below, r);
    }
  }

  const lists &rules_;
  document_view document_;
  rewrite &out_;
  const call &call_;
  rebuild *tree_ = nullptr;
  std::vector<uint32_t> begins_;  // first paragraphs of rows with lists
  std::optional<part_copier> copier_;
};

}  // namespace

void lists::run(document_view document, rewrite &out, const call &c) const {
  list_writer(*this, document, out, c).run();
}

}  // namespace calque::plugins

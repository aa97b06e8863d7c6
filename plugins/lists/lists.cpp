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

/// Paragraphs in a row, with the notes behind each.
struct row {
  std::vector<node> paragraphs;
  std::vector<std::vector<node>> notes;
  std::string_view before;
};

class list_writer {
 public:
  list_writer(const lists &rules, rewrite &out, const call &c) : rules_(rules), out_(out), call_(c) {}

  void run(node root) {
    find(root);
    if (begins_.empty()) return;
    std::sort(begins_.begin(), begins_.end());
    tree_ = &out_.start_rebuild();
    copier_.emplace(*tree_);
    copy(root);
  }

 private:
  /// A field's lines, a list's items and what is no text at all hold no lists of their own to be found.
  static bool is_looked_into(node n) {
    return !n.is_leaf() && !n.is_text_block() && !(n.is(kind::aside) && n.attr("role") == "field") &&
           static_cast<uint16_t>(n.kind()) < CALQUE_EMPHASIS;
  }

  static std::vector<row> rows_of(node container) {
    std::vector<row> rows(1);
    for (const node child : container.children()) {
      if (child.is(kind::aside)) {
        if (!rows.back().paragraphs.empty()) rows.back().notes.back().push_back(child);
      } else if (child.is(kind::paragraph)) {
        rows.back().paragraphs.push_back(child);
        rows.back().notes.emplace_back();
      } else if (!rows.back().paragraphs.empty()) {
        rows.push_back({{}, {}, child.text()});
      } else {
        rows.back().before = child.text();
      }
    }
    return rows;
  }

  std::vector<found_list> lists_of(const row &r) const {
    std::vector<std::string_view> texts;
    for (const node p : r.paragraphs) texts.push_back(p.text());
    return find_lists(texts, r.before, {rules_.bullets, rules_.numbers});
  }

  void find(node container) {
    for (const row &r : rows_of(container))
      if (!lists_of(r).empty()) begins_.push_back(r.paragraphs.front().index());
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
    for (const node child : container.children()) {
      if (next_row < rows.size() && !rows[next_row].paragraphs.empty() &&
          child.index() == rows[next_row].paragraphs.front().index()) {
        copy_row(rows[next_row++]);
        continue;
      }
      if (next_row > 0 && child.index() <= last_of(rows[next_row - 1])) continue;
      if (holds_lists(child)) {
        const rebuilt_scope same = tree_->begin_like(child);
        copy(child);
      } else {
        tree_->copy_tree(child);
      }
    }
  }
  static uint32_t last_of(const row &r) {
    return (r.notes.back().empty() ? r.paragraphs.back() : r.notes.back().back()).index();
  }

  void copy_row(const row &r) {
    size_t at = 0;
    auto copy_plain = [&](size_t end) {
      for (; at < end; ++at) {
        tree_->copy_tree(r.paragraphs[at]);
        copy_notes(r, at);
      }
    };
    for (const found_list &list : lists_of(r)) {
      copy_plain(list.items.front().paragraph);
      const size_t last = last_paragraph(list);
      call_.report_at(level::info, text_range{r.paragraphs[at].range().begin, r.paragraphs[last].range().end}, "lists.found",
                      std::to_string(list.items.size()) + " paragraphs are items of a list");
      write(list, r);
      at = last + 1;
    }
    copy_plain(r.paragraphs.size());
  }

  static size_t last_paragraph(const found_list &list) {
    const auto &item = list.items.back();
    return item.below.empty() ? item.paragraph : last_paragraph(item.below.back());
  }

  void copy_notes(const row &r, size_t paragraph) {
    for (const node note : r.notes[paragraph]) {
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
      const node paragraph = r.paragraphs[item.paragraph];
      tree_->attr("label", paragraph.text().substr(item.mark.begin, item.mark.end - item.mark.begin));
      const text_range all = paragraph.range();
      const uint32_t words = all.begin + static_cast<uint32_t>(item.mark.text_begin);
      {
        const rebuilt_scope same = tree_->begin_like(paragraph);
        copier_->drop(paragraph, {all.begin, words}, "lists.marker");
        copier_->copy(paragraph, {words, all.end}, {all.begin, all.end + 1});
      }
      copy_notes(r, item.paragraph);
      for (const found_list &below : item.below) write(below, r);
    }
  }

  const lists &rules_;
  rewrite &out_;
  const call &call_;
  rebuild *tree_ = nullptr;
  std::vector<uint32_t> begins_;  // first paragraphs of rows with lists
  std::optional<part_copier> copier_;
};

}  // namespace

void lists::run(document_view document, rewrite &out, const call &c) const {
  list_writer(*this, out, c).run(document.root());
}

}  // namespace calque::plugins

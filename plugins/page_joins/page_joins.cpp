// SPDX-License-Identifier: Apache-2.0
// The normalizer that joins paragraphs which a page break cut, and keeps the break in calque.page/1.
#include "plugins/common/rebuild_parts.hpp"
#include "plugins/page_joins/joins.hpp"

#include <set>
#include <vector>

namespace calque::plugins {

struct page_joins : normalizer {
  enum class hyphen_rule { keep, remove };
  hyphen_rule hyphens = hyphen_rule::keep;

  static constexpr stage_info info{"calque.page_joins", "1.0.0",
                                   "Joins paragraphs that a page break cut, and keeps the break", CALQUE_REENTRANT};
  static constexpr auto options = calque::options(
      opt("hyphens", &page_joins::hyphens, "\"keep\"",
          "A hyphen at the end of the first part: keep it in the word, or take it out", choices("keep", "remove")));
  static constexpr auto codes = calque::codes(
      code("page_joins.joined",
           "Two parts of a paragraph that a page break cut were joined; a blank stands between them.", thing::text,
           effect::changed),
      code("page_joins.hyphen-removed", "The hyphen of a word that a page break cut was taken out, as asked.",
           thing::text, effect::changed),
      code("page_joins.page-number", "The number of a page between two parts became the number of the break.",
           thing::page, effect::changed),
      code("page_joins.note-moved", "A note of the first part stands behind the joined paragraph now.", thing::note,
           effect::changed));
  static constexpr auto used_layers = list("calque.page/1");
  static constexpr auto written_layers = list("calque.page/1");

  void run(document_view document, rewrite &out) const;

 private:
  /// A paragraph's further parts, and what stands between them.
  struct part {
    uint32_t node;
    join how;
    std::vector<uint32_t> notes;     // asides before it
    std::optional<uint32_t> number;  // a paragraph with the page's number before it
  };
  using plan = std::vector<std::pair<uint32_t, std::vector<part>>>;  // first part → the others, ascending

  static void find(node container, plan &found);
  static void find_parts(const std::vector<node> &blocks, size_t &at, plan &found);
  void copy(node container, const plan &joins, document_view document, rebuild &tree) const;
  void copy_joined(node first, const std::vector<part> &others, document_view document, rebuild &tree) const;
  void mark_breaks(const std::vector<part> &others, document_view document, const std::set<uint32_t> &known,
                   marks &to) const;
};

void page_joins::find_parts(const std::vector<node> &blocks, size_t &at, plan &found) {
  const size_t first = at;
  node last = blocks[first];
  std::vector<part> others;
  while (true) {
    part next{0, join::none, {}, {}};
    size_t k = at + 1;
    for (; k < blocks.size(); ++k) {
      if (blocks[k].is(kind::aside))
        next.notes.push_back(blocks[k].index());
      else if (!next.number && blocks[k].is(kind::paragraph) && !page_number(blocks[k].text()).empty())
        next.number = blocks[k].index();
      else
        break;
    }
    if (k == blocks.size() || !blocks[k].is(kind::paragraph)) break;
    next.how = join_of(last.text(), blocks[k].text());
    if (next.how == join::none) break;
    next.node = blocks[k].index();
    others.push_back(next);
    last = blocks[k];
    at = k;
  }
  if (!others.empty()) found.emplace_back(blocks[first].index(), std::move(others));
}

void page_joins::find(node container, plan &found) {
  std::vector<node> blocks;
  for (const node child : container.children()) blocks.push_back(child);
  for (size_t at = 0; at < blocks.size(); ++at) {
    if (blocks[at].is(kind::paragraph))
      find_parts(blocks, at, found);
    else if (!blocks[at].is_leaf() && !blocks[at].is_text_block() && !blocks[at].is(kind::aside))
      find(blocks[at], found);
  }
}

void page_joins::copy_joined(node first, const std::vector<part> &others, document_view document, rebuild &tree) const {
  part_copier copier(tree);
  {
    const rebuilt_scope joined = tree.begin_like(first);
    node before = first;
    for (size_t k = 0; k <= others.size(); ++k) {
      const bool cut_hyphen = k < others.size() && others[k].how == join::hyphen && hyphens == hyphen_rule::remove;
      if (cut_hyphen) {
        // A hyphen is one byte, or U+2010, or a soft hyphen; the last character of the part, before any blanks.
        const std::string_view text = before.text();
        size_t begin = text.find_last_not_of(" \t");
        while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xc0) == 0x80) --begin;
        const text_range range = before.range();
        const text_range kept{range.begin, range.begin + static_cast<uint32_t>(begin)};
        copier.copy(before, kept, {range.begin, range.end + 1});
        copier.drop(before, {kept.end, range.end}, "page_joins.hyphen-removed");
      } else {
        copier.copy(before);
      }
      if (k == others.size()) break;
      const node last = *part_copier::last_leaf(before);
      if (others[k].how == join::blank) tree.text(" ", last, {last.range().end, last.range().end}, "page_joins.joined");
      if (others[k].number) tree.drop_tree(document.at(*others[k].number), "page_joins.page-number");
      before = document.at(others[k].node);
    }
  }
  for (const part &other : others)
    for (const uint32_t note : other.notes) tree.copy_tree(document.at(note), "page_joins.note-moved");
}

void page_joins::copy(node container, const plan &joins, document_view document, rebuild &tree) const {
  std::set<uint32_t> done;
  for (const node child : container.children()) {
    if (done.count(child.index()) > 0) continue;
    // Where a join lies inside, the container is opened; all else is copied whole.
    const auto next = std::lower_bound(joins.begin(), joins.end(), child.index(),
                                       [](const auto &entry, uint32_t index) { return entry.first < index; });
    if (next == joins.end() || next->first >= child.end_index()) {
      tree.copy_tree(child);
    } else if (next->first == child.index()) {
      copy_joined(child, next->second, document, tree);
      for (const part &other : next->second) {
        done.insert(other.node);
        done.insert(other.notes.begin(), other.notes.end());
        if (other.number) done.insert(*other.number);
      }
    } else {
      const rebuilt_scope same = tree.begin_like(child);
      copy(child, joins, document, tree);
    }
  }
}

void page_joins::mark_breaks(const std::vector<part> &others, document_view document, const std::set<uint32_t> &known,
                             marks &to) const {
  for (const part &other : others) {
    const uint32_t at = document.at(other.node).range().begin;
    if (known.count(at) > 0) continue;
    const mark page = to.point("calque.page/1", "page", at);
    if (other.number) page.text("n", page_number(document.at(*other.number).text()));
    page.text("source", other.number ? "printed" : "joined");
  }
}

void page_joins::run(document_view document, rewrite &out) const {
  plan joins;
  find(document.root(), joins);
  if (joins.empty()) return;
  std::set<uint32_t> known;
  for (const annotation &page : document.annotations("calque.page/1")) known.insert(page.range().begin);
  rebuild &tree = out.start_rebuild();
  copy(document.root(), joins, document, tree);
  for (const auto &entry : joins) mark_breaks(entry.second, document, known, out.marks());
}

}  // namespace calque::plugins

CALQUE_PLUGIN("page_joins", "1.0.0", "Apache-2.0", "https://calque.example.org", calque::plugins::page_joins)

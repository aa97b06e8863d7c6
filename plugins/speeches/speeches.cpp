// SPDX-License-Identifier: Apache-2.0
// The normalizer that turns labelled paragraphs into speeches, and parenthesised actions into stage directions.
#include "plugins/common/characters.hpp"
#include "plugins/common/rebuild_parts.hpp"
#include "plugins/speeches/speakers.hpp"

#include <memory>
#include <vector>

namespace calque::plugins {

struct speeches : normalizer {
  std::vector<std::string> speakers, not_speakers;

  static constexpr stage_info info{"calque.speeches", "1.0.0",
                                   "Labels to speeches and speakers, parenthesised actions to stage directions",
                                   CALQUE_REENTRANT};
  static constexpr auto options = calque::options(
      opt("speakers", &speeches::speakers, "[]", "Labels that are speakers, whatever the rules say; without the colon"),
      opt("not_speakers", &speeches::not_speakers, "[]", "Labels that are no speakers, such as \"Weather\""));
  static constexpr auto codes = calque::codes(
      code("speeches.label-blank", "Blanks between a speaker's label and the words; the tree parts them now."),
      code("speeches.line-end",
           "A line end between two speeches, or two lines of a subtitle, that stood in one paragraph."));

  void prepare();
  void run(document_view document, rewrite &out) const;
};

namespace {

/// Containers whose blocks can be a conversation.
bool holds_blocks(node n) {
  return n.is(kind::document) || n.is(kind::section) || n.is(kind::division) || n.is(kind::version) ||
         n.is(kind::attachment);
}

/// The blocks of a document as the rules want them, and the nodes that they are.
struct block_list {
  std::vector<spoken_block> blocks;
  std::vector<uint32_t> nodes;

  void add(node container, uint32_t &next_group) {
    uint32_t group = next_group++;
    for (const node child : container.children()) {
      if (child.is(kind::aside)) continue;
      if (holds_blocks(child)) {
        add(child, next_group);
        group = next_group++;
        continue;
      }
      spoken_block block{child.text(), spoken_block::shape::other, group, {}};
      if (child.is(kind::heading) || child.is(kind::subtitle) || child.is(kind::speech))
        block.is = spoken_block::shape::heading;
      if (child.is(kind::paragraph)) {
        block.is = spoken_block::shape::paragraph;
        for (const node leaf : child.leaves())
          if ((leaf.is(kind::soft_break) || leaf.is(kind::line_break)) && leaf.range().end < child.range().end)
            block.line_begins.push_back(leaf.range().end - child.range().begin);
      }
      blocks.push_back(std::move(block));
      nodes.push_back(child.index());
    }
  }
};

/// Writes the tree with its speeches.
class speech_writer {
 public:
  speech_writer(const block_list &list, const std::vector<spoken_role> &roles, rebuild &tree)
      : list_(list), roles_(roles), tree_(tree), copier_(tree) {}

  void write(node container) {
    for (const node child : container.children()) {
      if (child.is(kind::aside)) {
        // A note stands behind its block, wherever that is now; the fields stand before all blocks.
        tree_.copy_tree(child);
      } else if (holds_blocks(child)) {
        close();
        const rebuilt_scope same = tree_.begin_like(child);
        write(child);
        close();
      } else {
        write_block(child);
      }
    }
    close();
  }

 private:
  using is = spoken_role::is;

  void write_block(node block) {
    const spoken_role &role = roles_[at_];
    const size_t index = at_++;
    switch (role.what) {
      case is::continuation:
        if (!speech_) begin_speech();
        tree_.copy_tree(block);
        return;
      case is::speech:
        write_turns(block, role.turns);
        return;
      case is::stage_direction:
      case is::interlude:
        // It is part of the speech only if the speech goes on after it.
        if (!goes_on_after(index)) close();
        write_interlude(block, role.what);
        return;
      case is::subtitle:
        close();
        write_lines(block, role.lines);
        return;
      case is::plain:
        close();
        tree_.copy_tree(block);
        return;
    }
  }

  /// True when the running speech has more words after block `index`.
  bool goes_on_after(size_t index) const {
    for (size_t k = index + 1; k < roles_.size() && list_.blocks[k].group == list_.blocks[index].group; ++k)
      if (roles_[k].what != is::stage_direction && roles_[k].what != is::interlude)
        return roles_[k].what == is::continuation;
    return false;
  }

  void write_interlude(node block, is what) {
    if (what == is::interlude) return tree_.copy_tree(block);
    const rebuilt_scope direction = tree_.begin(kind::stage_direction, block);
    copier_.copy(block);
  }

  void write_turns(node block, const std::vector<turn> &turns) {
    const uint32_t base = block.range().begin, end = block.range().end;
    auto place = [&](size_t at) { return base + static_cast<uint32_t>(at); };
    bool continued = false;  // the block's own id is given once
    auto paragraph = [&](text_range bytes, text_range places) {
      if (bytes.is_empty()) return;
      const rebuilt_scope p = continued ? tree_.begin(kind::paragraph) : tree_.begin(kind::paragraph, block);
      continued = true;
      copier_.copy(block, bytes, places);
    };
    // Lines before the first label belong to the speech before it.
    if (const uint32_t first = place(turns.front().begin); first > base) {
      if (has_letters(block.text().substr(0, first - base))) {
        const uint32_t words_end = without_break(block, first);
        paragraph({base, words_end}, {base, first});
        drop(block, {words_end, first}, "speeches.line-end");
      } else {
        drop(block, {base, first}, "speeches.label-blank");
      }
    }
    for (size_t k = 0; k < turns.size(); ++k) {
      const uint32_t begin = place(turns[k].begin), label_end = place(turns[k].label_end);
      const bool is_last = k + 1 == turns.size();
      const uint32_t next = is_last ? end : place(turns[k + 1].begin);
      uint32_t words = std::min(place(turns[k].text_begin), next);
      const uint32_t words_end = is_last ? end : std::max(words, without_break(block, next));
      close();
      begin_speech();
      {
        const bool lone = words == words_end && is_last && !continued;
        const rebuilt_scope speaker = lone ? tree_.begin(kind::speaker, block) : tree_.begin(kind::speaker);
        continued = continued || lone;
        copier_.copy(block, {begin, label_end}, {begin, words == words_end ? next + (is_last ? 1 : 0) : words});
      }
      drop(block, {label_end, words}, "speeches.label-blank");
      paragraph({words, words_end}, {words, next + (is_last ? 1 : 0)});
      drop(block, {words_end, next}, "speeches.line-end");
    }
  }

  void write_lines(node block, const std::vector<std::pair<size_t, size_t>> &lines) {
    const uint32_t base = block.range().begin;
    for (size_t k = 0; k < lines.size(); ++k) {
      const uint32_t begin = base + static_cast<uint32_t>(lines[k].first),
                     end = base + static_cast<uint32_t>(lines[k].second);
      const bool is_last = k + 1 == lines.size();
      const uint32_t words_end = is_last ? end : without_break(block, end);
      {
        const rebuilt_scope line = k == 0 ? tree_.begin(kind::subtitle, block) : tree_.begin(kind::subtitle);
        copier_.copy(block, {begin, words_end}, {begin, is_last ? end + 1 : end});
      }
      drop(block, {words_end, end}, "speeches.line-end");
    }
  }

  /// The place before the line end that ends at `end`, and the blanks before it.
  static uint32_t without_break(node block, uint32_t end) {
    const std::string_view text = block.text();
    size_t at = end - block.range().begin;
    while (at > 0) {
      size_t before = at;
      const char32_t c = previous_character(text, before);
      if (c != '\n' && c != ' ' && c != '\t') break;
      at = before;
    }
    return block.range().begin + static_cast<uint32_t>(at);
  }

  static bool has_letters(std::string_view text) {
    for (size_t at = 0; at < text.size();)
      if (is_word(next_character(text, at))) return true;
    return false;
  }

  void drop(node block, text_range range, std::string_view code) {
    if (range.begin < range.end) copier_.drop(block, range, code);
  }

  void begin_speech() { speech_.reset(new rebuilt_scope(tree_.begin(kind::speech))); }
  void close() { speech_.reset(); }

  const block_list &list_;
  const std::vector<spoken_role> &roles_;
  rebuild &tree_;
  part_copier copier_;
  std::unique_ptr<rebuilt_scope> speech_;
  size_t at_ = 0;
};

std::vector<std::string> folded_labels(const std::vector<std::string> &labels) {
  std::vector<std::string> out;
  for (const std::string &l : labels) {
    std::string key = folded(trimmed(l));
    if (!key.empty() && key.back() == ':') key.pop_back();
    out.push_back(std::move(key));
  }
  return out;
}

/// What names people: the title, the summary and other fields of the head.
std::string names_of(document_view document) {
  std::string names;
  for (const node field : document.fields()) {
    const auto key = field.attr("key");
    if (key == "title" || key == "abstract" || key == "subject" || key == "contributor" || key == "creator")
      names += std::string(field.text()) + "\n";
  }
  return names;
}

}  // namespace

void speeches::prepare() {
  speakers = folded_labels(speakers);
  not_speakers = folded_labels(not_speakers);
}

void speeches::run(document_view document, rewrite &out) const {
  block_list list;
  uint32_t groups = 0;
  list.add(document.root(), groups);
  const std::vector<spoken_role> roles = find_speeches(list.blocks, {speakers, not_speakers, names_of(document)});
  const bool changes =
      std::any_of(roles.begin(), roles.end(), [](const spoken_role &r) { return r.what != spoken_role::is::plain; });
  if (!changes) return;
  speech_writer(list, roles, out.start_rebuild()).write(document.root());
}

}  // namespace calque::plugins

CALQUE_PLUGIN("speeches", "1.0.0", "Apache-2.0", "https://calque.example.org", calque::plugins::speeches)

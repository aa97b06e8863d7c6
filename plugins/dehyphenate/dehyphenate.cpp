// SPDX-License-Identifier: Apache-2.0
// The normalizer for words cut at line ends: joined only when the whole word is known from elsewhere.
#include "plugins/dehyphenate/dehyphenate.hpp"

#include <algorithm>
#include <fstream>
#include <optional>

#include "plugins/common/text_blocks.hpp"
#include "plugins/common/words.hpp"

namespace calque::plugins {
namespace {

using std::string_view;

constexpr size_t fewest_letters = 2, longest_part = 60;
constexpr uint64_t largest_word_list = uint64_t{64} << 20;

/// Where a word is cut: the leaf that ends with the hyphen, where that begins, and the leaf of the line end.
struct cut {
  uint32_t leaf, hyphen, line_end;
  std::string whole, parted;  // the word without and with the hyphen, folded
  bool is_soft;
};

/// How often the words of a document are in it, folded; what a hyphen joins is one word.
using word_counts = std::unordered_map<std::string, uint32_t>;

word_counts words_in(document_view document) {
  word_counts counts;
  for (const text_block &block : text_blocks(document))
    for (const word &w : words_of(document.text(block.range))) ++counts[folded(w.text)];
  return counts;
}

bool is_hyphen(char32_t c) {
  return c == '-' || c == 0x2010 || c == 0xad;
}

/// The letters that a text begins with.
string_view letters_at_begin(string_view text) {
  size_t end = 0;
  for (size_t at = 0; at < text.size() && end < longest_part; end = at)
    if (!is_letter(next_character(text, at))) break;
  return text.substr(0, end);
}

size_t count_letters(string_view text) {
  size_t count = 0;
  for (size_t at = 0; at < text.size();) count += is_letter(next_character(text, at)) ? 1u : 0u;
  return count;
}

class cut_finder {
 public:
  cut_finder(document_view document, const std::unordered_set<std::string> &known)
      : document_(document), known_(known) {}

  /// Cuts whose word is known. Whether it is does not depend on what this run joins, so that a second run finds none.
  std::vector<cut> find() {
    look(document_.root());
    if (found_.empty()) return {};
    word_counts counts = words_in(document_);
    for (const cut &c : found_)
      if (c.is_soft) ++counts[c.whole];
    std::erase_if(found_, [&](const cut &c) {
      if (c.is_soft) return false;
      // Where the document has the word with a hyphen, that is the word's own.
      return counts.contains(c.parted) || (!counts.contains(c.whole) && !known_.contains(c.whole));
    });
    return std::move(found_);
  }

 private:
  /// Text, line end and text must be neighbours: an inline that ends or a call of a note between them is a doubt.
  void look(node parent) {
    if (parent.is(kind::code_block) || parent.is(kind::raw_block)) return;
    std::optional<node> before, line_end;
    for (const node child : parent.children()) {
      if (before && line_end && child.is(kind::text)) {
        add(*before, *line_end, child.text());
        before = child;
        line_end.reset();
      } else if (before && !line_end && (child.is(kind::soft_break) || child.is(kind::line_break))) {
        line_end = child;
      } else {
        before = child.is(kind::text) ? std::optional(child) : std::nullopt;
        line_end.reset();
      }
      if (!child.is_leaf()) look(child);
    }
  }

  void add(node leaf, node line_end, string_view after) {
    const string_view before = leaf.text();
    size_t hyphen = before.size();
    const char32_t sign = previous_character(before, hyphen);
    const string_view second = letters_at_begin(after);
    if (!is_hyphen(sign) || !is_lower_or_caseless(first_character(second))) return;
    const size_t begin = word_begin_before(before, hyphen);
    const string_view first = before.substr(begin, hyphen - begin);
    if (count_letters(first) < fewest_letters || count_letters(second) < fewest_letters) return;
    // A figure on either side, or a second hyphen behind, makes it another kind of word.
    const char32_t next = first_character(after.substr(second.size()));
    if (!is_letter(last_character(first)) || is_word(next) || is_hyphen(next)) return;
    found_.push_back({leaf.index(), leaf.range().begin + static_cast<uint32_t>(hyphen), line_end.index(),
                      folded(std::string(first) + std::string(second)),
                      folded(std::string(first) + "-" + std::string(second)), sign == 0xad});
  }
  static bool is_lower_or_caseless(char32_t c) { return is_lower(c) || is_caseless(c); }

  document_view document_;
  const std::unordered_set<std::string> &known_;
  std::vector<cut> found_;
};

class joiner {
 public:
  joiner(document_view document, const std::vector<cut> &cuts, rebuild &tree) : cuts_(cuts), tree_(tree) {
    copy(document.root());
  }

 private:
  void copy(node parent) {
    for (const node child : parent.children()) {
      const auto next = std::find_if(cuts_.begin() + static_cast<std::ptrdiff_t>(at_), cuts_.end(),
                                     [&](const cut &c) { return c.line_end >= child.index(); });
      at_ = static_cast<size_t>(next - cuts_.begin());
      if (next == cuts_.end() || std::min(next->leaf, next->line_end) >= child.end_index()) {
        tree_.copy_tree(child);
      } else if (child.index() == next->leaf) {
        tree_.copy(child, {child.range().begin, next->hyphen});
        tree_.drop(child, {next->hyphen, child.range().end}, "dehyphenate.joined");
      } else if (child.index() == next->line_end) {
        tree_.drop(child, child.range(), "dehyphenate.joined");
      } else {
        const rebuilt_scope same = tree_.begin_like(child);
        copy(child);
      }
    }
  }

  const std::vector<cut> &cuts_;
  rebuild &tree_;
  size_t at_ = 0;
};

}  // namespace

void dehyphenate::prepare() {
  for (const std::filesystem::path &path : words) {
    std::error_code error;
    const uint64_t size = std::filesystem::file_size(path, error);
    std::ifstream file(path, std::ios::binary);
    if (error || !file)
      throw failure("dehyphenate.word-list", "the word list " + path.string() + " cannot be read",
                    "it is a file of words in UTF-8, one a line");
    if (size > largest_word_list)
      throw failure("dehyphenate.word-list", "the word list " + path.string() + " has more than 64 MiB",
                    "split it, or leave out what the documents cannot hold");
    for (std::string line; std::getline(file, line);)
      if (const string_view entry = without_gaps(line); !entry.empty()) known_.insert(folded(entry));
  }
}

void dehyphenate::run(document_view document, rewrite &out) const {
  const std::vector<cut> cuts = cut_finder(document, known_).find();
  if (!cuts.empty()) joiner(document, cuts, out.start_rebuild());
}

}  // namespace calque::plugins

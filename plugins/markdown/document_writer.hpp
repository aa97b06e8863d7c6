// SPDX-License-Identifier: Apache-2.0
// Makes the document of what the passes found, and accounts for every byte that is not in it.
#pragma once

#include "plugins/common/decoding.hpp"
#include "plugins/markdown/front_matter.hpp"

#include <set>

namespace markdown {

class document_writer {
 public:
  document_writer(calque::builder &out, const calque::call &call, const calque::plugins::decoded_text &text, bool autolinks);
  void write();

 private:
  using kind = calque::kind;

  void fields();
  void children(uint32_t parent);
  void one(uint32_t k);
  void list(const block &);
  void item(const block &, uint32_t k);
  void heading(const block &);
  void code(const block &);
  void html(const block &);
  void table(const block &);
  void row(const line_part &, const std::vector<std::string_view> &alignments, bool is_header);
  void note(uint32_t k, uint32_t anchor);
  void waiting_notes();
  void uncalled_notes();

  content content_of(const block &, size_t from = 0) const;
  void inlines(const content &);
  void inline_children(const content &, const inline_node &);
  void inline_one(const content &, const inline_node &);
  void put_attributes(const attributes &);

  /// Text from [begin, end) of the content, as one leaf with what went before, when both are text.
  void put(const content &, const inline_node &, kind);
  /// Bytes that stand for [begin, end) of the text read.
  void put(std::string_view bytes, uint32_t begin, uint32_t end, kind, bool is_equal);
  void lines(const block &, uint32_t count, bool has_last_end, kind);
  uint32_t empty_leaf(kind, uint32_t begin, uint32_t end);
  calque::scope begin(kind k) {
    open_leaf_ = false;
    return out_.begin(k);
  }
  /// What stands before a place and is in no leaf is skipped.
  void skip_to(uint32_t place);
  void skip(uint32_t begin, uint32_t end, std::string_view code) {
    if (begin < end) out_.skip(text_.source_of(begin, end), code);
  }

  calque::builder &out_;
  const calque::call &call_;
  const calque::plugins::decoded_text &text_;
  front_matter front_;
  block_tree tree_;
  inline_reader inlines_;
  uint32_t done_ = 0;  // up to here, the text is accounted for
  bool open_leaf_ = false, in_table_ = false;
  std::vector<std::pair<uint32_t, uint32_t>> waiting_;  // note block, anchor
  std::set<uint32_t> called_;
};

}  // namespace markdown

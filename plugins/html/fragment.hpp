// SPDX-License-Identifier: Apache-2.0
// The writer of a fragment: what stands in a body, in the shape of CommonMark's reference output.
#pragma once

#include "html.hpp"

namespace html {

class fragment_writer {
 public:
  fragment_writer(calque::document_view document, calque::output &account, bool raw_html, bool tag_filter)
      : document_(document), account_(account), raw_html_(raw_html), tag_filter_(tag_filter) {}
  std::string write();

 private:
  using node = calque::node;

  // fragment.cpp
  void children(node parent, bool is_tight = false);
  void run(node parent, uint32_t first, uint32_t end, bool is_tight);
  void block(node, bool is_tight);
  void element(node, std::string_view name, std::string_view attributes = {});
  void container(node, std::string_view name, std::string_view attributes = {});
  void heading(node);
  void code_block(node);
  void list(node);
  void table(node);
  void cell(node, std::string_view name);
  void notes();
  void account_for();
  void find_asides();
  void put_off(uint32_t aside, bool has_call) {
    if (met_.insert(aside).second) notes_.push_back({aside, has_call});
  }
  const std::vector<uint32_t> &asides_of(node call) const {
    static const std::vector<uint32_t> none;
    const auto found = asides_.find(call.id());
    return found == asides_.end() ? none : found->second;
  }
  void fresh_line() {
    if (!out_.empty() && out_.back() != '\n') out_ += '\n';
  }

  // fragment_inlines.cpp
  void inlines(uint32_t first, uint32_t end);
  void inline_node(node);
  void wrap(node, std::string_view name, std::string_view attributes = {});
  void leaf(node);
  void image(node);
  void alternative(node parent);
  void call(node);
  void text(node);
  void escape(std::string_view text);
  void target(std::string_view href);
  std::string attributes_of(node);
  std::string attribute(std::string_view name, std::string_view value);

  calque::document_view document_;
  calque::output &account_;
  bool raw_html_, tag_filter_;
  std::string out_;
  struct called_note {
    uint32_t aside;
    bool has_call;
  };
  std::vector<called_note> notes_;
  std::map<uint32_t, std::vector<uint32_t>> asides_;    // by the id of the call
  std::set<uint32_t> met_;                              // asides that have been written, or wait in notes_
  std::map<uint32_t, std::string_view> not_expressed_;  // index → code
  std::vector<node> left_out_;                          // whole fields
};

}  // namespace html

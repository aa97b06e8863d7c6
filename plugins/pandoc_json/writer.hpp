// SPDX-License-Identifier: Apache-2.0
// A document written as pandoc's tree: one object a run; blocks and inlines in files of their own.
#pragma once

#include "../common/edition.hpp"
#include "vocabulary.hpp"

#include <calque/calque.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace pandoc_json {

class writer {
 public:
  writer(calque::document_view, calque::output &, const calque::call &, bool has_figures);
  std::string write();

 private:
  using node = calque::node;
  /// A value of the metadata in the making.
  struct meta_value {
    std::string json;  // of a leaf
    bool is_list = false;
    std::map<std::string, meta_value> members;
  };
  struct grid_row {
    node row;
    std::vector<node> cells;
    std::string_view part;
    size_t body;
  };

  // export.cpp
  void metadata();
  void meta_entry(const meta_value &);
  std::string field_json(node field);
  bool place_at(meta_value &root, std::string_view pointer, std::string json);
  void unsaid_layers();
  void unsaid_resources();

  // write_blocks.cpp
  void blocks(node parent) { blocks(parent, parent.index() + 1); }
  void blocks(node parent, uint32_t first);
  void block(node);
  void wrapped(node, const attributes &);
  void bare_block(node);
  void foreign(node, const attributes &);
  void verbatim(node, std::string_view type, const attributes &);
  void figure(node);
  void items(node list);
  void item(node);
  void definitions(node list);
  void table(node);
  void caption_of(node parent);
  void caption_body(node caption);
  void rows(const std::vector<const grid_row *> &);
  void cell(node);
  void loose_aside(node);
  bool is_called(node aside) const { return reading_.is_called(aside); }

  // write_inlines.cpp
  void inlines(uint32_t first, uint32_t end);
  void inlines_of(node n) { inlines(n.index() + 1, n.end_index()); }
  std::string opened(node);  // what closes it
  void open_mark(const edition::mark &);
  void text(std::string_view);
  void leaf(node, calque::text_range);
  void image(node);
  /// As pandoc had figures before 1.23: the caption in place of the text.
  void figure_image(node, const node *caption);
  std::string target_of(node image, attributes &);
  void alternative(node aside);
  void note(node aside);

  attributes attributes_of(node) const;
  static attributes with_class(attributes, std::string_view own);
  void put(const attributes &);

  // JSON, item by item
  void begin(char bracket) {
    out_ += bracket;
    is_first_ = true;
    word_end_ = std::string::npos;
  }
  void end(char bracket) {
    out_ += bracket;
    is_first_ = false;
  }
  void next() {
    if (!is_first_) out_ += ',';
    is_first_ = false;
  }
  void string(std::string_view);
  void number(uint64_t value) {
    next();
    out_ += std::to_string(value);
  }
  void raw(std::string_view json) {
    next();
    out_ += json;
  }
  /// {"t":TYPE}
  void word(std::string_view type) {
    next();
    ((out_ += "{\"t\":\"") += type) += "\"}";
  }
  /// {"t":TYPE,"c":[ … what follows up to close().
  void open(std::string_view type) {
    next();
    ((out_ += "{\"t\":\"") += type) += "\",\"c\":";
    begin('[');
  }
  void close() {
    end(']');
    out_ += '}';
  }
  void list() {
    next();
    begin('[');
  }
  void end_list() { end(']'); }

  calque::document_view document_;
  calque::output &account_;
  const calque::call &call_;
  const bool has_figures_;
  edition::reading reading_;
  std::string out_;
  bool is_first_ = true;
  size_t word_end_ = std::string::npos;  // of the Str that was written last
  std::vector<calque::text_range> hidden_;  // quotation marks that Quoted stands for
  std::set<std::string_view> shown_resources_;
};

}  // namespace pandoc_json

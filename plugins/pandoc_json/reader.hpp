// SPDX-License-Identifier: Apache-2.0
// Pandoc's tree read into a document: one object a run; blocks and inlines in files of their own.
#pragma once

#include "json_tree.hpp"
#include "vocabulary.hpp"

#include <calque/calque.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace pandoc_json {

class reader {
 public:
  reader(const json_tree &tree, calque::builder &out, const calque::call &call) : tree_(tree), out_(out), call_(call) {}
  void read();

 private:
  /// A note, or the text of an image, that is written when the block that calls it is done.
  struct pending_aside {
    std::string role;
    uint32_t anchor;
    json_value content;
    bool is_inline;
  };
  struct pending_mark {
    std::string id;
    const layer_form *layer;
    std::string kind;
    calque::text_range range;
    attributes attr;
  };

  [[noreturn]] void wrong(const json_value &at, const std::string &what) const;
  json_value need(const json_value &parent, size_t item, const char *what) const;
  static std::string_view type_of(const json_value &);
  attributes attributes_of(const json_value &) const;
  uint64_t number_of(const json_value &, const char *what) const;

  void version();
  void meta(const json_value &);
  void meta_value(const json_value &, const std::string &name, const std::string &pointer, bool is_plain);
  void field(const json_value &, const std::string &name, const std::string &pointer, bool is_plain);
  void account();

  void blocks(const json_value &array);
  void block(const json_value &, const attributes *outer);
  /// True when the inlines of a Plain stand directly in what is open.
  bool plain(const json_value &, bool after_inlines);
  void text_block(calque::kind, const json_value &inlines, const attributes *);
  void verbatim_block(calque::kind block, calque::kind leaf, const json_value &string, const attributes *, std::string_view format);
  void container(calque::kind, const json_value &blocks, const attributes *);
  void div(const json_value &);
  void list_items(const json_value &items);
  void item(calque::kind, const json_value &blocks);
  void definitions(const json_value &);
  void caption(const json_value &blocks);
  void captioned(const json_value &caption);
  void table(const json_value &content, const attributes *outer);
  void columns(const json_value &specs);
  void rows(const json_value &array, std::string_view part, uint64_t head_columns, size_t body);
  void cell(const json_value &, bool is_header);
  bool implicit_figure(const json_value &inlines, const attributes *outer);

  void inlines(const json_value &array);
  void inline_item(const json_value &, const attributes *outer);
  void nested(calque::kind, const json_value &inlines, const attributes *);
  void span(const json_value &);
  void quoted(const json_value &, const attributes *outer);
  void image(const attributes &, const json_value &alternative, const json_value &target, bool is_figure);
  std::string resource(const std::string &url, const attributes &);
  void note(const std::string &role, const json_value &content, bool is_inline);
  void settle_asides();
  void mark(const attributes &, calque::text_range);
  void settle_marks();

  void put(std::string_view bytes, uint64_t begin, uint64_t end);
  uint32_t leaf(calque::kind, const json_value &string);
  uint32_t leaf(calque::kind, std::string_view bytes, uint64_t begin, uint64_t end);
  void put_attributes(const attributes &, size_t first_class = 0);
  calque::scope open(calque::kind k) {
    in_text_ = false;
    return out_.begin(k);
  }
  void say(const json_value &at, std::string_view code, const std::string &what);
  static calque::source_range place(const json_value &v) { return {v.begin(), v.end(), 0}; }

  const json_tree &tree_;
  calque::builder &out_;
  const calque::call &call_;
  bool in_text_ = false;  // the last thing written is a text leaf that may go on
  std::vector<calque::source_range> taken_;
  std::vector<std::pair<calque::source_range, std::string>> dropped_;
  std::vector<pending_aside> asides_;
  std::vector<pending_mark> marks_;
  size_t marks_begin_ = 0;  // marks before this one are not continued: a version begins
  std::set<std::string> resources_;
};

}  // namespace pandoc_json

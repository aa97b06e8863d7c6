// SPDX-License-Identifier: Apache-2.0
// The walk over a page's elements: which node each of them becomes.
#pragma once

#include "plugins/common/html/flow.hpp"
#include "plugins/common/html/notes.hpp"
#include "plugins/common/html/reader.hpp"

#include <unordered_map>

namespace calque::plugins::html_reading {

class page_reader {
 public:
  page_reader(const decoded_text &text, builder &out, const call &c, const html_reading_options &options, tree page);
  void read();

 private:
  // page_reader.cpp
  void nodes(element parent);
  void node(element e);
  bool is_of_note(element e);
  void write_note(note &n);
  void note_text(element body);
  void pictures(element e);
  void skip_text(element e, std::string_view code);
  void skip_unread(element e);
  stretch whole(element e) const;
  attributes common_attributes(element e) const;
  static void add(attributes &to, std::string key, std::optional<std::string_view> value);

  // edition_page.cpp
  void find_edition(element head, element body);
  void edition_fields(element e);
  bool edition_block(element e);
  bool edition_inline(element e);
  void dress(element e);
  bool is_dress(element e) const { return edition_text_ != nullptr && !value_of(e, "id"); }

  // blocks.cpp
  void block(element e);
  void text_block(element e, kind k, attributes attrs, text_place::way how = text_place::way::loose);
  void container(element e, kind k, attributes attrs, bool even_without = true);
  void item(element e, kind k, attributes attrs);
  void list(element e, bool is_ordered);
  void definitions(element e);
  void table(element e);
  void rows(element part, std::string_view name);
  void row(element e, std::string_view part, const attributes &inherited);
  void figure(element e);
  void preformatted(element e);
  void heading_group(element e);

  // inlines.cpp
  void inline_element(element e);
  /// What a page sets apart from the words around it, though it stands in their line.
  template <class F>
  void apart(element e, F &&write) {
    flow_.end_word(e->place.begin);
    write();
    flow_.end_word(whole(e).end);
  }
  void wrap(element e, kind k, attributes attrs);
  void plain_inline(element e, attributes attrs);
  void quotation(element e);
  void link(element e);
  void image(element e);
  void drawing(element e);
  void formula(element e);
  void ruby_reading(element e);
  void embedded(element e, const char *address);
  void field_of_form(element e);
  void page_break(element e);
  void fallback(element e);
  void alternative(uint32_t image, const attribute *alt, element text_of);

  const decoded_text &text_;
  const call &call_;
  const html_reading_options &options_;
  tree tree_;
  account account_;
  flow flow_;
  note_finder notes_;
  element edition_text_ = nullptr, edition_record_ = nullptr;  // of a page that Calque has written
  int quotes_ = 0, images_ = 0, fallbacks_ = 0;
  std::unordered_map<element, bool> has_parentheses_;  // whether a <ruby> has <rp>; asked once for each <rt>
  std::unordered_set<size_t> pages_;  // where the tags of page breaks begin
};

/// What an element says of its part in the page: "nav", "header", "hidden" …; empty when it says nothing.
std::string role_of(element e);
bool is_hidden(element e);
/// A value of the style attribute, in lower case.
std::string style_of(element e, std::string_view property);

}  // namespace calque::plugins::html_reading

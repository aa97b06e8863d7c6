// SPDX-License-Identifier: Apache-2.0
// The element tree of an HTML or XHTML file, and what the reader asks of its nodes.
#pragma once

#include <calque/base.hpp>

#include <gumbo.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace calque::plugins::html_reading {

struct xml_nodes;

using element = const GumboNode *;

/// Bytes [begin, end) of the decoded text.
struct stretch {
  size_t begin = 0, end = 0;
  bool is_empty() const { return begin == end; }
};

/// A tree whose nodes point into the text, which must live as long. Nodes are gumbo's, whoever made them.
class tree {
 public:
  /// HTML by the rules that browsers follow: every text gives a tree. Throws calque::failure with the codes
  /// STAGE.too-deep and STAGE.too-big, which name the limit.
  static tree read_html(std::string_view text, std::string_view stage);
  /// XHTML by expat: empty elements stay empty. Nothing when the text is not well-formed, or declares entities.
  static std::optional<tree> read_xhtml(std::string_view text, std::string_view stage);

  element document() const { return document_; }
  /// The <html> element, or NULL when an XML file has another root.
  element root() const { return root_; }
  std::string_view text() const { return text_; }
  /// Where a piece of the text stands; nothing for what the parser put in.
  std::optional<stretch> place(GumboStringPiece piece) const;
  /// Reads part of the text as a fragment below <body>, as for <noscript>, whose text HTML leaves unread.
  element read_fragment(stretch part);

  /// Elements and text lie no deeper than this; the document's own limit leaves no more room.
  static constexpr size_t most_depth = 500;
  /// No element has more attributes than this.
  static constexpr size_t most_attributes = 1000;

  class arena;

 private:
  tree(std::string_view text, std::string_view stage);
  std::string_view text_;
  std::string stage_;
  std::shared_ptr<arena> arena_;
  std::shared_ptr<xml_nodes> xml_;
  element document_ = nullptr, root_ = nullptr;
};

inline bool is_element(element e) { return e->type == GUMBO_NODE_ELEMENT || e->type == GUMBO_NODE_TEMPLATE; }
inline bool is_text(element e) {
  return e->type == GUMBO_NODE_TEXT || e->type == GUMBO_NODE_WHITESPACE || e->type == GUMBO_NODE_CDATA;
}
/// The tag of an HTML element; GUMBO_TAG_UNKNOWN for all else, also for <title> in a drawing.
inline GumboTag tag_of(element e) {
  return is_element(e) && e->v.element.tag_namespace == GUMBO_NAMESPACE_HTML ? e->v.element.tag : GUMBO_TAG_UNKNOWN;
}
inline const GumboVector &children_of(element e) {
  return e->type == GUMBO_NODE_DOCUMENT ? e->v.document.children : e->v.element.children;
}

/// Children in order, for range-for.
class children {
 public:
  struct iterator {
    void *const *at;
    element operator*() const { return static_cast<element>(*at); }
    iterator &operator++() { return ++at, *this; }
    bool operator==(const iterator &) const = default;
  };
  explicit children(element e) : list_(is_element(e) || e->type == GUMBO_NODE_DOCUMENT ? &children_of(e) : nullptr) {}
  iterator begin() const { return {list_ ? list_->data : nullptr}; }
  iterator end() const { return {list_ ? list_->data + list_->length : nullptr}; }

 private:
  const GumboVector *list_;
};

/// The element's name in lower case, also of one that gumbo does not know.
std::string name_of(element e);
const GumboAttribute *find_attribute(element e, const char *name);
/// The attribute's value, where the element has it.
std::optional<std::string_view> value_of(element e, const char *name);
/// Whether a value that is a list of words (class, rel, role, epub:type) holds this one; case does not matter.
bool has_word(std::optional<std::string_view> list, std::string_view word);
/// The text below, scripts and styles left out, with runs of blanks as one and none at the ends.
std::string plain_text(element e);
/// The text with U+FFFD for what is not UTF-8: gumbo makes such bytes of numbers that are too big for it.
std::string valid(std::string_view text);
std::string lower(std::string_view text);
std::string_view trimmed(std::string_view text);
inline bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'; }
/// Whether what it holds is read at all: not of scripts, styles and templates.
bool is_unread(element e);
/// The element that is a block of its own, by HTML's names.
bool is_block(element e);
/// Whether a block stands somewhere below.
bool has_block_inside(element e);
/// Whether a heading, list, table, figure or the like stands somewhere below: what is more than lines of text.
bool has_structure_inside(element e);

}  // namespace calque::plugins::html_reading

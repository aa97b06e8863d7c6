// SPDX-License-Identifier: Apache-2.0
// The element tree of an HTML or XHTML file, and what the reader asks of its nodes.
#pragma once

#include <calque/base.hpp>

#include <gumbo.h>

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace calque::plugins::html_reading {

/// Bytes [begin, end) of the decoded text.
struct stretch {
  size_t begin = 0, end = 0;
  bool is_empty() const { return begin == end; }
};

/// The same in a node, of which a page has hundreds of thousands.
struct small_stretch {
  uint32_t begin = 0, end = 0;
  operator stretch() const { return {begin, end}; }
};

struct attribute {
  std::string_view name, value;  // character references are read
  small_stretch place;           // of the value as written, quotes and all; empty where the text has none
};

enum class node_type : uint8_t { document, element, template_contents, text, comment };
enum class vocabulary : uint8_t { html, svg, mathml };

/// A node of the tree. What it points to lives as long as the tree, and the text that the tree was read from.
struct node {
  const node *parent = nullptr, *previous = nullptr, *next = nullptr, *first = nullptr;
  std::string_view text;         // of a text, character references read
  const attribute *attributes = nullptr;
  uint32_t attribute_count = 0;
  uint32_t order = 0, last = 0;  // its number, and that of the last node in it, as the page begins them
  small_stretch place;           // of an element: its start tag, empty where it has none; of a text: its bytes
  small_stretch end_tag;         // empty where it has none
  uint16_t tag = GUMBO_TAG_UNKNOWN;
  node_type type = node_type::element;
  vocabulary space = vocabulary::html;
  bool has_place = false;        // of a text: the file has it
};

using element = const node *;

/// A page as a tree, whichever parser read it. The text that it was read from must live as long.
class tree {
 public:
  /// HTML by the rules that browsers follow: every text gives a tree. Throws calque::failure with the codes
  /// STAGE.too-deep and STAGE.too-big, which name the limit.
  static tree read_html(std::string_view text, std::string_view stage);
  /// XHTML by expat: empty elements stay empty. Nothing when the text is not well-formed, or declares entities.
  static std::optional<tree> read_xhtml(std::string_view text);

  element document() const { return document_; }
  /// The <html> element, or NULL when an XML file has another root.
  element root() const { return root_; }
  std::string_view text() const { return text_; }
  /// Reads part of the text as a fragment below <body>, as for <noscript>, whose text HTML leaves unread. NULL where it
  /// is too deep or too big.
  element read_fragment(stretch part);

  /// Elements and text lie no deeper than this; the document's own limit leaves no more room.
  static constexpr size_t most_depth = 500;
  /// No element has more attributes than this.
  static constexpr size_t most_attributes = 1000;

 private:
  friend class tree_maker;
  explicit tree(std::string_view text) : text_(text), memory_(std::make_unique<std::pmr::monotonic_buffer_resource>()) {}

  std::string_view text_;
  std::unique_ptr<std::pmr::monotonic_buffer_resource> memory_;
  uint32_t count_ = 0;
  element document_ = nullptr, root_ = nullptr;
};

inline bool is_element(element e) { return e->type == node_type::element || e->type == node_type::template_contents; }
inline bool is_text(element e) { return e->type == node_type::text; }
/// The tag of an HTML element; GUMBO_TAG_UNKNOWN for all else, also for <title> in a drawing.
inline GumboTag tag_of(element e) {
  return is_element(e) && e->space == vocabulary::html ? static_cast<GumboTag>(e->tag) : GUMBO_TAG_UNKNOWN;
}
/// The bytes of a text; nothing for what the parser put in.
inline std::optional<stretch> place_of(element text) {
  return is_text(text) && text->has_place ? std::optional<stretch>(text->place) : std::nullopt;
}

inline std::span<const attribute> attributes_of(element e) { return {e->attributes, e->attribute_count}; }

/// Children in order, for range-for.
class children {
 public:
  struct iterator {
    element at;
    element operator*() const { return at; }
    iterator &operator++() { return at = at->next, *this; }
    bool operator==(const iterator &) const = default;
  };
  explicit children(element e) : first_(e->first) {}
  iterator begin() const { return {first_}; }
  iterator end() const { return {nullptr}; }

 private:
  element first_;
};

/// The element's name in lower case, also of one that gumbo does not know.
std::string name_of(element e);
const attribute *find_attribute(element e, std::string_view name);
/// The attribute's value, where the element has it.
std::optional<std::string_view> value_of(element e, std::string_view name);
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

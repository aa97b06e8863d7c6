// SPDX-License-Identifier: Apache-2.0
// XML or HTML as a flat tree in which every tag and every stretch of text knows its bytes.
#pragma once

#include <calque/base.hpp>

#include <cstdint>
#include <forward_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace calque::plugins {

/// Text as it reads, of the file itself or kept beside it, and the bytes that it came from.
struct text_piece {
  std::string_view text;
  uint64_t begin = 0, end = 0;
};

struct markup_attribute {
  std::string name;  // local, with xml:, epub: or xlink: before it where it is of those
  std::string value;
};

/// An element, or text between tags (no name). Children of a node follow by `next`.
struct markup_node {
  static constexpr uint32_t none = CALQUE_NONE;

  std::string name;  // local; of SVG and MathML with svg: or math: before it, of the EPUB namespace with epub:
  std::vector<markup_attribute> attributes;
  std::vector<text_piece> pieces;
  uint64_t begin = 0, end = 0;  // of an element: its first byte, and the byte after its last
  uint64_t tag_end = 0;         // the byte after its start tag
  uint32_t parent = none, first = none, last = none, next = none;

  bool is_text() const { return name.empty(); }
  std::optional<std::string_view> attribute(std::string_view wanted) const {
    for (const markup_attribute &one : attributes)
      if (one.name == wanted) return one.value;
    return std::nullopt;
  }
  /// Whether an attribute that lists words has this one.
  bool has_word(std::string_view attribute_name, std::string_view word) const;
};

class markup {
 public:
  // Text may be kept here, so a tree moves, but is not copied.
  markup() = default;
  markup(markup &&) = default;
  markup &operator=(markup &&) = default;

  /// Node 0 is above the root element.
  const std::vector<markup_node> &nodes() const { return nodes_; }
  const markup_node &operator[](uint32_t index) const { return nodes_[index]; }
  markup_node &edit(uint32_t index) { return nodes_[index]; }
  /// The first element of that name at or below `from`, in order.
  std::optional<uint32_t> find(std::string_view name, uint32_t from = 0) const;
  /// The next node in order after the whole of `index`, within `top`; none at the end.
  uint32_t after(uint32_t index, uint32_t top) const;
  uint32_t next_in_order(uint32_t index, uint32_t top) const {
    return nodes_[index].first != markup_node::none ? nodes_[index].first : after(index, top);
  }
  /// Whether nothing below is text but blanks and line ends.
  bool is_blank(uint32_t index) const;
  /// All text below, as it stands.
  std::string text_of(uint32_t index) const;
  /// The bytes of an attribute's value, where they can be told in the tag; else those of the tag.
  source_range place_of(const markup_node &, std::string_view value, uint32_t source) const;

  std::string_view bytes;  // of the member, as stored
  std::string encoding = "UTF-8";
  bool was_ill_formed = false;
  std::vector<std::string> refused_entities;  // external ones, which are never read
  std::vector<source_range> replaced;         // bytes that are no text, and became U+FFFD

 private:
  friend class markup_maker;
  std::vector<markup_node> nodes_;
  std::forward_list<std::string> kept_;  // text that is not in the file as it reads
};

/// Nothing but blanks and line ends.
inline bool is_blank_text(std::string_view text) {
  return text.find_first_not_of(" \n\t\r") == text.npos;
}

/// Why bytes are not read.
class unreadable_markup : public std::runtime_error {
 public:
  enum reason { not_well_formed, entity_bomb, too_deep, too_big, no_text };
  unreadable_markup(reason why, const std::string &what, uint64_t at) : std::runtime_error(what), why(why), at(at) {}
  reason why;
  uint64_t at;
};

/// No book needs elements that are nested deeper; whoever walks a tree may do so by recursion.
constexpr int deepest_element = 500;

/// Reads XML by expat. Entities of files are never read; the names of XHTML's characters are known. Throws
/// unreadable_markup.
markup read_xml(std::string_view bytes);

/// Reads what is no XML as browsers would read it, by gumbo. Throws unreadable_markup when it is too deep or too big, or
/// no text.
markup read_html(std::string_view bytes);

}  // namespace calque::plugins

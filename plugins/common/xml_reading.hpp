// SPDX-License-Identifier: Apache-2.0
// An XML file as a flat tree that knows the bytes of every tag and word; entities within limits, none from outside.
#pragma once

#include "plugins/common/decoding.hpp"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace calque::plugins {

/// Why a file is refused; the names stand in the messages.
struct xml_limits {
  uint32_t depth = 800;                    // elements within elements; a document has 1,024 levels at most
  uint64_t expansion = uint64_t{1} << 20;  // bytes that entities may add
  uint32_t nodes = 20'000'000;             // elements, pieces of text, comments, attributes
};

struct xml_attribute {
  std::string_view space, name, value;  // `space`: the namespace, empty for none; the name of xml:id is "xml:id"
};

/// A stretch of decoded text.
struct xml_range {
  size_t begin = 0, end = 0;
  bool is_empty() const { return begin == end; }
};

/// Elements, text and what else stands in the file, in pre-order. Ranges are those of the decoded text.
struct xml_node {
  enum class what : uint8_t { element, text, comment, instruction, entity };
  what is = what::element;
  bool equal = false;            // text: the characters are those of the range
  uint32_t parent = 0, end = 0;  // `end`: index after the last node below
  std::string_view space,
      name;               // element; `name` of an instruction is its target, of an entity that was not read its name
  std::string_view text;  // text: its characters
  uint32_t first_attribute = 0, attribute_count = 0;
  xml_range at;     // the start tag, or the whole piece
  xml_range close;  // the end tag; empty behind <a/>
};

class xml_tree {
 public:
  /// Reads a whole file. Throws calque::failure with STAGE.not-well-formed, .too-deep, .too-large or .expansion, and
  /// what `decode` throws.
  xml_tree(std::string_view bytes, std::string_view stage, const xml_limits & = {});
  xml_tree(const xml_tree &) = delete;
  xml_tree &operator=(const xml_tree &) = delete;

  const decoded_text &decoded() const { return decoded_; }
  source_range source_of(xml_range r) const { return decoded_.source_of(r.begin, r.end); }

  uint32_t size() const { return static_cast<uint32_t>(nodes_.size()); }
  const xml_node &at(uint32_t index) const { return nodes_[index]; }
  /// The outermost element.
  uint32_t root() const { return root_; }
  /// The value of an attribute in no namespace, or of "xml:id", "xml:lang", "xml:space".
  std::optional<std::string_view> attribute(uint32_t element, std::string_view name) const;
  std::string_view attribute_or(uint32_t element, std::string_view name, std::string_view otherwise = {}) const {
    return attribute(element, name).value_or(otherwise);
  }
  std::pair<const xml_attribute *, const xml_attribute *> attributes(uint32_t element) const {
    const xml_attribute *first = attributes_.data() + nodes_[element].first_attribute;
    return {first, first + nodes_[element].attribute_count};
  }
  /// Calls f(index) for each child.
  template <class F>
  void each_child(uint32_t parent, F &&f) const {
    for (uint32_t i = parent + 1; i < nodes_[parent].end; i = nodes_[i].end) f(i);
  }
  /// Lets an element go by another name, as where an attribute says what it is.
  void rename(uint32_t element, std::string_view name) { nodes_[element].name = *names_.emplace(name).first; }
  bool is_element(uint32_t index, std::string_view name) const {
    return nodes_[index].is == xml_node::what::element && nodes_[index].name == name;
  }

 private:
  friend class xml_parse;
  decoded_text decoded_;
  std::vector<xml_node> nodes_;
  std::vector<xml_attribute> attributes_;
  std::unordered_set<std::string> names_;
  std::deque<std::string> kept_;  // texts and values that are not those of the file
  uint32_t root_ = 0;
};

/// The encoding that the file names, "UTF-8" when it names none, or "auto" when its first bytes say more.
std::string xml_encoding(std::string_view bytes);

/// The name of the first element in the head of a file, without its prefix, and the text of its tag; for probes.
struct xml_head {
  std::string name, tag;
};
xml_head first_element(std::string_view head);

/// The codes that reading XML reports, for the stage `id` (a string literal).
#define CALQUE_XML_CODES(id)                                                                                        \
  CALQUE_DECODING_CODES(id),                                                                                        \
      ::calque::code(id ".not-well-formed",                                                                         \
                     "The file is no well-formed XML, so nothing of it can be trusted. Mend it where the message "  \
                     "points.",                                                                                     \
                     ::calque::thing::text, ::calque::effect::none, ::calque::level::error),                        \
      ::calque::code(id ".too-deep", "Elements lie within each other deeper than the limit `depth`.",               \
                     ::calque::thing::text, ::calque::effect::none, ::calque::level::error),                        \
      ::calque::code(id ".too-large", "The file holds more elements and attributes than the limit `nodes`.",        \
                     ::calque::thing::text, ::calque::effect::none, ::calque::level::error),                        \
      ::calque::code(id ".expansion", "Its entities stand for more text than the limit `expansion` allows.",        \
                     ::calque::thing::text, ::calque::effect::none, ::calque::level::error),                        \
      ::calque::code(id ".entity-not-read",                                                                         \
                     "A reference to an entity outside the file, or to one that is not declared in it; nothing is " \
                     "ever read from outside.",                                                                     \
                     ::calque::thing::text, ::calque::effect::dropped, ::calque::level::warning),                   \
      ::calque::code(id ".comment", "A comment of the file's makers; no text."),                                    \
      ::calque::code(id ".instruction", "A processing instruction; no text."),                                      \
      ::calque::code(id ".declaration", "The XML declaration, the document type and marks of CDATA sections.")

}  // namespace calque::plugins

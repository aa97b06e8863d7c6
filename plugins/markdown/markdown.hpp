// SPDX-License-Identifier: Apache-2.0
// The Markdown exporter's stage, and the writer of one document.
#pragma once

#include "../common/edition.hpp"
#include "../common/prefixed_lines.hpp"
#include "syntax.hpp"

#include <calque/calque.hpp>

#include <map>
#include <string>
#include <vector>

namespace markdown {

struct stage : calque::exporter {
  static constexpr calque::stage_info info{"calque.markdown", "1.0.0",
                                           "Markdown that CommonMark and pandoc read: YAML fields, notes as footnotes",
                                           CALQUE_REENTRANT};
  bool fields = true;
  static constexpr auto options =
      calque::options(calque::opt("fields", &stage::fields, "true", "write the fields as YAML front matter"));
  static constexpr auto accepts = calque::list("text/markdown", "*.md", "*.markdown");
  static constexpr auto used_layers = calque::list("calque.page/1", "calque.language/1");
  static constexpr auto codes = calque::codes(
      calque::code("markdown.fields-left-out", "The option fields = false leaves the fields out.", calque::thing::field),
      calque::code("markdown.kind-not-expressed",
                   "Markdown has no form for this kind of node; its text is there as a paragraph or in the line.",
                   calque::thing::span, calque::effect::none),
      calque::code("markdown.cell-changed", "A table of Markdown has no merged cells and one line a cell.",
                   calque::thing::table, calque::effect::changed),
      calque::code("markdown.attribute-not-expressed",
                   "Attributes stand on headings, links, images, code, spans and divisions; here there is no place for them.",
                   calque::thing::span, calque::effect::changed),
      calque::code("markdown.forbidden-character",
                   "A control character has no place in Markdown; its picture (U+2400 and following) or U+FFFD stands "
                   "in its place.",
                   calque::thing::text, calque::effect::changed, calque::level::warning),
      calque::code("markdown.image-by-name", "The image is named; its bytes are not in the file.", calque::thing::image,
                   calque::effect::changed),
      calque::code("markdown.page-not-expressed", "Markdown has no page breaks.", calque::thing::page,
                   calque::effect::dropped),
      calque::code("markdown.language-not-expressed", "Markdown does not say the language of a stretch of text.",
                   calque::thing::language, calque::effect::dropped));

  void run(calque::document_view document, calque::output &out) const;
};

/// Writes one document.
class writer {
 public:
  writer(const stage &options, calque::document_view document, calque::output &account)
      : options_(options), document_(document), account_(account), reading_(document, {}) {}
  std::string write();

 private:
  using node = calque::node;

  void front_matter();
  void blocks(node parent);
  void children(node parent, uint32_t first, uint32_t end);
  void block(node);
  void inner_block(node);
  void tight_blocks(node parent, bool is_tight);
  void paragraph(const std::string &text);
  void heading(node);
  void speech(node);
  void list(node);
  void definitions(node);
  void table(node);
  void lines(node);
  void code_block(node);
  void stage_direction(node);
  void not_a_kind(node);
  void no_attributes(node);
  std::string cell(node);
  static attributes attributes_of(node);
  bool loose_aside(node);

  // inlines.cpp
  struct place {
    calque::text_range block;
    bool is_in_cell = false, is_one_line = false;
  };
  std::string inlines(uint32_t first, uint32_t end, place where, std::string before = {});
  void node_inline(node, std::string &out, const place &);
  void children_inline(node, std::string &out, const place &);
  void siblings(uint32_t first, uint32_t end, std::string &out, const place &);
  void wrap(node, std::string_view mark, std::string_view element, std::string &out, const place &);
  void leaf(node, std::string &out, const place &);
  std::string text_of(node leaf);
  size_t number_of(node aside);

  const stage &options_;
  calque::document_view document_;
  calque::output &account_;
  edition::reading reading_;
  edition::prefixed_lines lines_;
  std::vector<node> notes_;
  std::map<uint32_t, std::string_view> changed_;  // node index → code
  bool says_language_ = false;  // in the front matter
};

}  // namespace markdown

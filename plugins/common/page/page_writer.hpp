// SPDX-License-Identifier: Apache-2.0
// The writer of pages that HTML and EPUB share: each kind of block, inline, mark and aside has its one place here.
#pragma once

#include "plugins/common/edition.hpp"
#include "plugins/common/page/markup.hpp"
#include "plugins/common/web_edition.hpp"

#include <calque/calque.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace edition {

/// The layers whose spans such a page shows.
inline constexpr std::string_view shown_layers[] = {"calque.editorial/1", "calque.language/1", "calque.name/1",
                                                    "calque.date/1", "calque.term/1"};

/// Where two forms of pages differ by a word. What takes more is a virtual function of the writer.
struct page_form {
  /// XHTML: void elements end in "/>", xml:lang stands beside lang, and tables are as its schema wants them.
  bool is_xml;
  /// Classes and data-* attributes tell the importer what fields are, whatever stands on the page.
  bool names_fields;
  /// They tell it, and the style sheet, of speakers, images and parts of the list of persons too.
  bool names_parts;
  /// The rank of the topmost headings of the text.
  size_t top_heading;
  /// Further attributes, each with a blank before it.
  std::string_view title, note_call, page_break;
  /// The element of the list of persons, and what stands before the first note.
  std::string_view cast, notes;
  struct {
    std::string_view forbidden_character, unknown_kind, link_not_followed, page_not_expressed, language_not_expressed,
        language_of_nothing;
  } codes;
};

class page_writer {
 public:
  virtual ~page_writer() = default;

 protected:
  page_writer(const page_form &form, document_view document, calque::output &account, const reading &lookup)
      : document_(document), account_(account), reading_(lookup), form_(form) {}

  // ---- What the forms differ in

  /// Whether an element may have the name that the source has for its node: the form takes it, and makes none like it.
  virtual bool can_be_name(std::string_view) const = 0;
  /// Told of each element that is given its name.
  virtual void stands_here(std::string_view /*name*/) {}
  /// What leads to the element of that name; nothing where none is known to stand.
  virtual std::optional<std::string> way_to(std::string_view name) const = 0;
  /// Whether links lead to an inline; each piece that a mark cuts it into is asked for.
  virtual bool is_target(node inline_node) = 0;
  /// What a reader follows from here to the target that the document names; nothing when there is no way.
  virtual std::optional<std::string> link_to(std::string_view target) = 0;
  /// The address of an image's bytes; without them nothing, and `why_not` is the code that says so.
  virtual std::optional<std::string> picture(node image, std::string_view alternative, std::string_view &why_not) = 0;
  /// Whether text in the notation of a format is of this one, and written as it is by `raw`.
  virtual bool is_own_notation(node) const { return false; }
  virtual void raw(node, text_range) {}
  /// Told of each page break that has a number, with the name of its element.
  virtual void page_begins(std::string_view /*number*/, std::string_view /*name*/) {}

  /// Told of each block, or run of inlines, before it is written.
  virtual void comes_to(node) {}
  /// Told of each heading, and how many it stands below, itself included; further attributes of its element.
  virtual std::string heading_begins(node, size_t /*depth*/) { return {}; }
  /// A section, division, version or attachment.
  virtual void part(node);

  struct called_note {
    node aside;
    std::optional<node> call;
    size_t number;
  };
  virtual void begin_note(const called_note &) = 0;
  virtual void end_note(const called_note &) = 0;

  // ---- Front, blocks, inlines, notes

  void front();
  void blocks(node parent);
  /// What stands in `parent` from node `first` to `end`.
  void children(node parent, uint32_t first, uint32_t end);
  void inlines(uint32_t first, uint32_t end, text_range said_by_block);
  void point(const mark &);
  /// Those that have been called, and those that they call.
  void notes();

  // ---- Markup

  /// To be called first: it asks what names the form can take.
  void find_names();
  /// The name that links of the source use, else one made of the node's id; no two of an edition are the same.
  const std::string &name_of(node);
  /// That of a mark or point; empty where it can have none.
  virtual std::string name_of(const mark &);
  void start(std::string_view element, std::string_view attributes = {});
  void end(std::string_view element);
  void void_element(std::string_view element, std::string_view attributes = {});
  void text(std::string_view words) { escape(words, out_, form_.is_xml); }
  std::string attribute(std::string_view name, std::string_view value) const {
    return edition::attribute(name, value, form_.is_xml);
  }
  /// The attribute that gives an element its name; nothing for none.
  std::string id(std::string_view name);
  std::string id(node n) { return id(name_of(n)); }
  std::string id(const mark &m) { return id(name_of(m)); }
  /// lang and dir of what is in that language, where they differ from what it stands in.
  std::string language_attributes(std::string_view tag) const;
  std::string language_attributes(node) const;
  void enter_language_of(node);

  // ---- The account

  /// Languages that a block's own attribute says.
  void note_languages(text_range range) { edition::note_languages(reading_, range, said_marks_); }
  void say_all();

  document_view document_;
  calque::output &account_;
  const reading &reading_;
  std::string out_;
  std::vector<std::string> languages_;            // of the open blocks, innermost last
  bool is_right_to_left_ = false;                 // the page as a whole
  std::map<uint32_t, std::string_view> changed_;  // leaf or node index → code

 private:
  // front.cpp
  void record();
  void cast();
  void legend();
  void field(node, std::string_view element, std::string_view attributes);

  // blocks.cpp
  void block(node);
  void open_block(node, std::string_view element, std::string_view attributes = {});
  void close_block(std::string_view element);
  void text_block(node, std::string_view element, std::string_view attributes = {});
  void container(node, std::string_view element, std::string_view attributes = {});
  void heading(node);
  void code(node);
  void figure(node);
  void speech(node);

  // lists.cpp, tables.cpp
  /// The index after a child of `parent`, or after the run of inlines that begins with it.
  uint32_t end_of_child(node parent, uint32_t first) const;
  void list(node);
  void definitions(node);
  void table(node);
  void row(node, std::vector<uint32_t> &taken, uint32_t columns, uint32_t rows_left);

  // inlines.cpp
  void open_inline(node);
  void open_link(node, const std::string &attributes);
  void open_mark(const mark &, text_range said_by_block);
  void leaf(node, text_range);
  void leaf_text(node, std::string_view words);
  void image(node);
  void put(std::string_view element, std::string_view attributes = {});

  // notes.cpp
  void call(node);
  std::string alternative_text(node image);
  void loose_aside(node);

  const page_form &form_;
  std::unordered_map<uint32_t, std::string> names_;  // by node index
  std::unordered_set<std::string> used_names_;
  std::vector<int64_t> levels_;     // of the headings above, outermost first
  std::vector<called_note> notes_;  // that are still to be written
  size_t note_count_ = 0;
  int in_link_ = 0;
  std::vector<std::string> open_;                       // inline elements to be closed, "" where none was written
  std::set<uint32_t> begun_;                            // inlines that have their name
  std::set<uint32_t> marked_;                           // `marked` annotations that have been begun
  said_marks said_marks_;
};

}  // namespace edition

// SPDX-License-Identifier: Apache-2.0
// A book in the making: its files, what leads into them, and the writer of their XHTML.
#pragma once

#include "../common/edition.hpp"
#include "../common/web_edition.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace epub {

struct file {
  std::string path, media_type, bytes;
};

/// A line of the contents or of the page list.
struct entry {
  std::string text, href, language;
  int64_t level = 1;
};

/// An image that the text shows, under a name of our own: what the source calls it may be no path at all.
struct picture {
  std::string path, media_type;
  std::string_view bytes;
};

struct book {
  std::vector<file> pages;  // the front page and the chapters, in reading order
  std::vector<entry> contents, page_list;
  std::vector<picture> pictures;
  bool all_pictures_are_described = true;
};

/// Where each id of an element stands: the path of its file.
using places = std::map<std::string, std::string, std::less<>>;

/// Indices of the nodes that begin a file: sections and headings down to a level. A file that would hold nothing but
/// headings takes in what follows it.
std::set<uint32_t> chapter_begins(calque::document_view, int64_t split_level);

/// The package document, which names, describes and orders all files.
std::string package_document(calque::document_view, const edition::reading &, const book &, std::string_view modified);
/// The navigation document: contents, page list, landmarks.
std::string navigation_document(calque::document_view, const book &);
/// When the edition was last changed, as the document or SOURCE_DATE_EPOCH says.
std::string modified_time(calque::document_view);
/// The publication's direction: the document's own, else that of its language.
bool is_right_to_left(calque::document_view, const edition::reading &);

/// The files as one ZIP container, `mimetype` first. The same files give the same bytes.
std::string container(const std::vector<file> &);

/// Appends text with what XML sets apart escaped; true when a character had to be replaced.
bool escape(std::string_view text, std::string &to);
/// Text with one blank where it has blanks and line ends, and none at its ends.
std::string one_line(std::string_view text);
/// ` name="value"`
std::string attribute(std::string_view name, std::string_view value);
/// ` xml:lang="…" lang="…"`; nothing for what is no tag.
std::string language_attribute(std::string_view tag);
/// A page from its declaration to the open body.
std::string page_begin(std::string_view title, std::string_view language, bool is_rtl);

/// Writes the pages of one document. A link needs to know where its target comes to stand, so the book is written
/// twice: the first writer learns the places, the second one uses them.
class writer {
 public:
  writer(calque::document_view, calque::output &account, const edition::reading &, std::set<uint32_t> begins,
         const places &known);
  book write();
  const places &learnt() const { return learnt_; }

 private:
  using node = calque::node;

  // front.cpp
  void front_page();
  void record();
  void cast();
  void legend();
  void notes();
  void field_value(node field);

  // blocks.cpp
  void begin_page(std::string_view path, std::string_view title, std::string_view language);
  void end_page();
  void begin_chapter();
  void blocks(node parent);
  void children(node parent, uint32_t first, uint32_t end);
  void block(node);
  void heading(node);
  void text_block(node, std::string_view element, std::string_view attributes = {});
  void container(node, std::string_view element, std::string_view attributes = {});
  void part(node);
  void list(node);
  void definitions(node);
  void table(node);
  void row(node, std::vector<uint32_t> &taken, uint32_t columns, uint32_t rows_left);
  void figure(node);
  void speech(node);
  void loose_aside(node);
  void open_block(node, std::string_view element, std::string_view attributes = {});
  void close_block(std::string_view element);

  // inlines.cpp
  void inlines(uint32_t first, uint32_t end, calque::text_range said_by_block);
  void open_inline(node);
  void open_link(node, const std::string &attributes);
  void open_mark(const edition::mark &, calque::text_range said_by_block);
  void leaf(node, calque::text_range);
  void call(node);
  void image(node);
  const picture *find_picture(std::string_view resource, std::string_view &why_not);
  void point(const edition::mark &);
  void put(std::string_view element, std::string_view attributes = {});

  void start(std::string_view element, std::string_view attributes = {});
  void end(std::string_view element);
  void leaf_text(node, std::string_view text);
  /// An id, which from now on stands in this file.
  std::string id(std::string_view name);
  std::string id(node);
  /// The name that the source has for a node, else one made of its id; no two of a book are the same.
  const std::string &name_of(node);
  /// The reference to an id, where it is known to stand in the book.
  std::optional<std::string> href(std::string_view id) const;
  std::string language_attributes(node);
  std::string language_attributes(std::string_view tag);
  /// What the words on the page do not say of a field, for whoever reads the book again.
  std::string field_attributes(node field);
  void note_languages(calque::text_range);
  void find_names();
  void find_targets();
  void say_all();

  struct called_note {
    node aside;
    std::string call;  // id of the element that calls it; empty without one
    size_t number;
  };

  calque::document_view document_;
  calque::output &account_;
  const edition::reading &reading_;
  std::set<uint32_t> begins_;
  const places &known_;
  places learnt_;
  book book_;
  std::string out_, path_;
  bool is_rtl_ = false;
  std::vector<node> parts_;             // sections and the like that are open around the next block
  std::vector<std::string> languages_;  // of the open blocks, innermost last
  std::vector<std::string> open_;       // inline elements to be closed, "" where none was written
  std::vector<int64_t> ranks_;          // levels of the headings above
  std::vector<called_note> notes_;      // of this file
  size_t note_count_ = 0, page_count_ = 0;
  std::unordered_map<uint32_t, std::string> names_;  // by node index
  std::unordered_set<std::string> used_names_;
  std::map<std::string_view, uint32_t> named_;                  // attribute `id` → node index
  std::set<uint32_t> targets_;                                  // nodes that links of the document lead to
  std::map<std::string_view, std::optional<size_t>> pictures_;  // resource → index in the book
  std::map<std::string_view, std::string_view> no_pictures_;    // resource → code
  std::set<uint32_t> marked_;                                   // `marked` annotations that have been begun
  std::map<uint32_t, std::string_view> changed_;                // leaf or node index → code
  std::set<std::pair<uint32_t, uint32_t>> said_marks_;          // layer, index
  int in_link_ = 0;
};

}  // namespace epub

// SPDX-License-Identifier: Apache-2.0
// A book in the making: its files, what leads into them, and the writer of their XHTML.
#pragma once

#include "../common/page/page_writer.hpp"

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
struct picture_file {
  std::string path, media_type;
  std::string_view bytes;
};

struct book {
  std::vector<file> pages;  // the front page and the chapters, in reading order
  std::vector<entry> contents, page_list;
  std::vector<picture_file> pictures;
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

inline bool escape(std::string_view text, std::string &to) {
  return edition::escape(text, to, true);
}
inline std::string attribute(std::string_view name, std::string_view value) {
  return edition::attribute(name, value, true);
}

/// Text with one blank where it has blanks and line ends, and none at its ends.
std::string one_line(std::string_view text);
/// A page from its declaration to the open body.
std::string page_begin(std::string_view title, std::string_view language, bool is_rtl);

/// Writes the pages of one document. A link needs to know where its target comes to stand, so the book is written
/// twice: the first writer learns the places, the second one uses them.
class writer : edition::page_writer {
 public:
  writer(calque::document_view, calque::output &account, const edition::reading &, std::set<uint32_t> begins,
         const places &known);
  book write();
  const places &learnt() const { return learnt_; }

 private:
  using node = calque::node;

  // pages.cpp
  void front_page();
  void begin_page(std::string_view path, std::string_view title, std::string_view language);
  void end_page();
  void begin_chapter();
  void comes_to(node) override;
  std::string heading_begins(node, size_t depth) override;
  void part(node) override;
  void begin_note(const called_note &) override;
  void end_note(const called_note &) override;

  // places.cpp
  using page_writer::name_of;
  std::string name_of(const edition::mark &) override;
  bool can_be_name(std::string_view) const override;
  void stands_here(std::string_view name) override { learnt_.emplace(name, path_); }
  std::optional<std::string> way_to(std::string_view name) const override;
  bool is_target(node n) override { return targets_.contains(n.index()); }
  std::optional<std::string> link_to(std::string_view target) override;
  void find_targets();

  // pictures.cpp
  std::optional<std::string> picture(node, std::string_view alternative, std::string_view &why_not) override;
  const picture_file *find_picture(std::string_view resource, std::string_view &why_not);
  void page_begins(std::string_view number, std::string_view name) override;

  std::set<uint32_t> begins_;
  const places &known_;
  places learnt_;
  book book_;
  std::string path_;                            // of the page that is being written
  std::vector<node> parts_;                     // sections and the like that are open around the next block
  size_t page_count_ = 0;                       // page breaks so far
  std::map<std::string_view, uint32_t> named_;  // attribute `id` → node index
  std::set<uint32_t> targets_;                  // nodes that links of the document lead to
  std::map<std::string_view, std::optional<size_t>> pictures_;  // resource → index in the book
  std::map<std::string_view, std::string_view> no_pictures_;    // resource → code
};

}  // namespace epub

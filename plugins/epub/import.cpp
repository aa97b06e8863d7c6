// SPDX-License-Identifier: Apache-2.0
// Opens a book: container, package, navigation; then its files in order, each with its own source.
#include "plugins/epub/import.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "plugins/common/characters.hpp"
#include "plugins/common/web_edition.hpp"
#include "plugins/epub/chapters.hpp"
#include "plugins/epub/front_matter.hpp"
#include "plugins/epub/opf.hpp"
#include "plugins/epub/own_edition.hpp"
#include "plugins/epub/paths.hpp"
#include "plugins/epub/xhtml.hpp"

namespace calque::plugins {
namespace {

constexpr uint32_t none = markup_node::none;
using namespace std::string_view_literals;

bool is_text_type(std::string_view media_type) {
  return media_type == "application/xhtml+xml" || media_type == "text/html" || media_type == "image/svg+xml" ||
         media_type == "application/x-dtbook+xml" || media_type == "text/x-oeb1-document";
}
bool is_image_type(std::string_view media_type) { return media_type.starts_with("image/"); }

bool begins_as_markup(std::string_view bytes) {
  std::string_view head = bytes.substr(0, 1024);
  if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
  head = trimmed(head);
  return head.starts_with("<?xml") || head.starts_with("<!DOCTYPE") || head.starts_with("<html") ||
         head.starts_with("<svg");
}

class book_reader {
 public:
  book_reader(builder &out, const call &c, epub_importer::split_rule split)
      : out_(out), call_(c), split_(split), archive_(c) {
    for (uint32_t k = 0; k < archive_.size(); ++k) members_.emplace(archive_.name(k), k);
  }

  void run() {
    check_mimetype();
    const std::string path = package_path();
    book_ = read_book(path);
    is_own_ = split_ == epub_importer::split_rule::none && is_own_edition(book_.tree);
    read_encryption();
    read_navigations();
    read_spine();
    const book_ties ties = tie();
    write(ties);
  }

 private:
  struct opened {
    std::string_view bytes;
    uint32_t source;
  };

  std::optional<uint32_t> member(std::string_view path) const {
    const auto found = members_.find(std::string(path));
    return found == members_.end() ? std::nullopt : std::optional(found->second);
  }

  /// A file of the book as a source of the document; held until the end, since origins are looked up in it.
  opened open(uint32_t index, std::string_view media_type) {
    held_.push_back(archive_.read(index));
    const std::string_view bytes = held_.back().view();
    return {bytes, out_.member(0, archive_.name(index), media_type, bytes)};
  }

  /// XML, or else HTML where a file of the spine is neither.
  markup parse(const opened &file, std::string_view path, bool may_be_html) {
    try {
      markup tree = read_xml(file.bytes);
      finish(tree, file, path);
      return tree;
    } catch (const unreadable_markup &error) {
      if (error.why != unreadable_markup::not_well_formed || !may_be_html) refuse(error, file, path);
      call_.report_at(level::warning, {error.at, error.at, file.source}, "epub.ill-formed",
                      std::string(path) + " is not well-formed: " + error.what() + "; it was read as HTML",
                      "see whether all of it is in its place, or mend the file");
    }
    try {
      markup tree = read_html(file.bytes);
      finish(tree, file, path);
      return tree;
    } catch (const unreadable_markup &error) {
      refuse(error, file, path);
    }
  }
  void finish(const markup &tree, const opened &file, std::string_view path) {
    out_.encoding(tree.encoding, file.source);
    for (const std::string &entity : tree.refused_entities)
      call_.report_at(level::warning, {0, 0, file.source}, "epub.external-entity",
                      std::string(path) + " wants \"" + entity + "\" put in as an entity; it was not read",
                      "put its text into the file itself");
    if (!tree.replaced.empty())
      call_.report_at(level::warning, {tree.replaced.front().begin, tree.replaced.front().end, file.source},
                      "epub.replaced-bytes",
                      std::string(path) + " has bytes that are no text in " + tree.encoding + ", " +
                          std::to_string(tree.replaced.size()) + " times in all; they became U+FFFD",
                      "mend the file, if their place matters");
  }
  [[noreturn]] static void refuse(const unreadable_markup &error, const opened &file, std::string_view path) {
    const source_range where{error.at, error.at, file.source};
    const std::string message = std::string(path) + ": " + error.what();
    switch (error.why) {
      case unreadable_markup::entity_bomb:
        throw failure("epub.entity-bomb", message, where, "no book needs entities; see where the file comes from");
      case unreadable_markup::too_deep:
        throw failure("epub.too-deep", message, where, "see how the file was made");
      case unreadable_markup::too_big:
        throw failure("epub.too-big", message, where, "close its elements, or take the file out of the book");
      case unreadable_markup::no_text:
        throw failure("epub.no-text", message, where, "mend the file, or make the book anew");
      default:
        throw failure("epub.no-package", message, where, "mend the file, or make the book anew");
    }
  }

  void check_mimetype() {
    const auto index = member("mimetype");
    std::string says;
    if (index && archive_.size_of(*index) < 1000 && !archive_.is_encrypted(*index))
      says = archive_.read(*index).view();
    if (says != "application/epub+zip")
      call_.report(level::warning, "epub.mimetype",
                   index ? "the member \"mimetype\" does not say exactly \"application/epub+zip\""
                         : "the archive has no member \"mimetype\"",
                   "it was read all the same; other programs may refuse it");
  }

  std::string package_path() {
    const auto index = member("META-INF/container.xml");
    if (!index)
      throw failure("epub.no-container", "the archive has no META-INF/container.xml, so it is no EPUB",
                    "if it is another format, name its importer");
    const opened file = open(*index, "application/xml");
    const markup tree = parse(file, "META-INF/container.xml", false);
    std::vector<std::string> packages;
    for (uint32_t k = 0; k != none; k = tree.next_in_order(k, 0)) {
      if (tree[k].name != "rootfile") continue;
      const auto path = tree[k].attribute("full-path");
      const std::string_view type = tree[k].attribute("media-type").value_or("");
      bool climbs = false;
      auto to = path ? resolved("", *path, &climbs) : std::nullopt;
      if (to && !to->empty() && !climbs && (type.empty() || type == "application/oebps-package+xml"))
        packages.push_back(std::move(*to));
      else
        call_.report_at(level::warning, {tree[k].begin, tree[k].tag_end, file.source}, "epub.missing-file",
                        "the container names \"" + std::string(path.value_or("")) + "\", which is no package in the book");
    }
    if (packages.empty())
      throw failure("epub.no-container", "META-INF/container.xml names no package", {0, file.bytes.size(), file.source},
                    "make the book anew");
    if (packages.size() > 1)
      call_.report(level::warning, "epub.other-rendition",
                   "the book has " + std::to_string(packages.size()) + " packages; " + packages.front() + " was read");
    return packages.front();
  }

  book_package read_book(const std::string &path) {
    const auto index = member(path);
    if (!index)
      throw failure("epub.no-package", "the package " + path + " is not in the archive", "make the book anew");
    const opened file = open(*index, "application/oebps-package+xml");
    book_package book = read_package(path, file.source, parse(file, path, false));
    if (!book.tree.find("package"))
      throw failure("epub.no-package", path + " is no package", {0, 0, file.source}, "make the book anew");
    return book;
  }

  // What encryption.xml lists is not what it looks like; fonts that are listed do no harm.
  void read_encryption() {
    const auto index = member("META-INF/encryption.xml");
    if (!index) return;
    const opened file = open(*index, "application/xml");
    const markup tree = parse(file, "META-INF/encryption.xml", false);
    for (uint32_t k = 0; k != none; k = tree.next_in_order(k, 0))
      if (tree[k].name == "CipherReference")
        if (auto path = resolved("", tree[k].attribute("URI").value_or(""))) encrypted_.insert(std::move(*path));
  }

  void read_navigations() {
    const manifest_item *nav = book_.item_with("nav"), *ncx = book_.item(book_.ncx);
    if (ncx == nullptr)
      for (const manifest_item &one : book_.manifest)
        if (ncx == nullptr && one.media_type == "application/x-dtbncx+xml") ncx = &one;
    const auto take = [&](book_navigation more) {
      if (navigation_.contents.empty()) navigation_.contents = std::move(more.contents);
      if (navigation_.pages.empty()) navigation_.pages = std::move(more.pages);
    };
    for (const manifest_item *one : {nav, ncx}) {
      const auto index = one == nullptr ? std::nullopt : member(one->path);
      if (!index || encrypted_.count(one->path) != 0 || archive_.size_of(*index) == 0) continue;
      const opened file = open(*index, one->media_type);
      markup tree = parse(file, one->path, true);
      take(read_navigation(one->path, tree));
      const bool is_read = std::any_of(book_.spine.begin(), book_.spine.end(),
                                       [&](const spine_item &item) { return item.id == one->id; });
      if (is_read) in_spine_ = one;
      if (is_read && (book_.spine.size() == 1 || !is_contents_alone(tree))) {
        if (book_.spine.size() > 1) silence_navigation(tree);
        contents_.emplace(make_chapter(one->path, file.source, std::move(tree)));
      } else {
        skip_whole(file, "epub.navigation");
      }
    }
  }

  void skip_whole(const opened &file, std::string_view code) {
    if (file.bytes.empty()) return;
    out_.skip({0, file.bytes.size(), file.source}, code);
    counts_.letters += count_letters(file.bytes);
  }

  /// The item itself, or what the package gives in its place, when that is read.
  const manifest_item *readable(const manifest_item *item) const {
    for (int most = 16; item != nullptr && most > 0; --most) {
      if (is_text_type(item->media_type)) return item;
      item = book_.item(item->fallback);
    }
    return nullptr;
  }

  void read_spine() {
    std::set<std::string_view> known;
    uint64_t again = 0;
    for (const spine_item &one : book_.spine) {
      const manifest_item *item = book_.item(one.id);
      if (item == nullptr) {
        report_missing(one.where, "the spine names \"" + one.id + "\", which is not in the manifest");
        continue;
      }
      if (!known.insert(one.id).second) {
        ++again;
        continue;
      }
      const manifest_item *form = readable(item);
      if (form == nullptr && !is_image_type(item->media_type)) {
        call_.report_at(level::warning, one.where, "epub.spine-item-not-read",
                        item->path + " is of the type \"" + item->media_type + "\" and has no other form");
        continue;
      }
      if (form == nullptr) form = item;
      const auto index = form->is_outside ? std::nullopt : member(form->path);
      if (!index) {
        report_missing(form->where, form->is_outside ? "an item of the manifest leads out of the book"
                                                     : form->path + " is in the spine, but not in the archive");
        continue;
      }
      if (encrypted_.count(form->path) != 0) {
        // Some books say so of files that are none, as what was protected once and is no more.
        if (archive_.is_encrypted(*index) || !begins_as_markup(archive_.read(*index).view()))
          throw failure("epub.encrypted", form->path + " is encrypted", form->where, "get a copy without protection");
        call_.report_at(level::warning, form->where, "epub.not-encrypted",
                        form->path + " is said to be encrypted, and is not", "it was read as it is");
      }
      if (form == in_spine_ && !contents_) continue;
      spine_.push_back({form, one.is_linear});
      if (form == in_spine_) {
        chapters_.push_back(std::move(*contents_));
        continue;
      }
      if (!is_text_type(form->media_type)) {
        chapters_.push_back(make_chapter(form->path, 0, read_xml("<image/>")));
        continue;
      }
      const opened file = open(*index, form->media_type);
      if (file.bytes.empty()) {
        report_missing(form->where, form->path + " is empty");
        spine_.pop_back();
        continue;
      }
      markup tree = parse(file, form->path, true);
      if (is_own_) name_after_nodes(tree);
      chapters_.push_back(make_chapter(form->path, file.source, std::move(tree)));
    }
    if (again > 0)
      call_.report(level::warning, "epub.repeated-item",
                   "the spine names files again, " + std::to_string(again) + " times in all; each was read once");
    if (chapters_.empty())
      throw failure("epub.no-spine", "nothing in the spine of " + book_.path + " can be read", "make the book anew");
  }
  void report_missing(source_range where, const std::string &message) {
    call_.report_at(level::warning, where, "epub.missing-file", message, "get the whole book");
  }
  book_ties tie() {
    book_ties ties(chapters_, is_own_);
    for (const book_place &page : navigation_.pages)
      if (const auto at = ties.target_at(page.path, page.fragment)) ties.set_page(*at, page.label);
    return ties;
  }

  // ---- Writing

  void write(const book_ties &ties) {
    const xhtml_setting setting{
        chapters_,
        ties,
        [&](std::string_view path) { return image(path); },
        [&](std::string_view path, std::string_view bytes) {
          std::string name;
          do name = std::string(path) + "-" + std::to_string(++drawings_) + ".svg";
          while (member(name));
          out_.resource(name, "image/svg+xml", bytes);
          return name;
        },
        [&](source_range where, std::string_view element) {
          call_.report_at(level::warning, where, "epub.medium-dropped",
                          "the element \"" + std::string(element) + "\" cannot be shown; what stands in it is kept");
        },
        is_own_};
    if (is_own_)
      write_own(setting);
    else
      write_book(setting);
    out_.seen(CALQUE_THING_TEXT, counts_.letters);
    out_.seen(CALQUE_THING_NOTE, counts_.notes);
    out_.seen(CALQUE_THING_TABLE, counts_.tables);
    out_.seen(CALQUE_THING_IMAGE, counts_.images);
    out_.seen(CALQUE_THING_LINK, counts_.links);
    out_.seen(CALQUE_THING_PAGE, counts_.pages);
    out_.seen(CALQUE_THING_HEADING, counts_.headings);
    out_.seen(CALQUE_THING_ITEM, counts_.items);
  }

  void write_book(const xhtml_setting &setting) {
    const std::vector<book_field> fields = read_fields(book_);
    word_set told;
    for (const book_field &one : fields) told.add(one.text);
    std::unordered_map<std::string, std::string> titles;
    for (const book_place &one : navigation_.contents) titles.emplace(one.path, one.label);
    for (uint32_t k = 0; k < chapters_.size(); ++k) {
      if (k == 0 || split_ == epub_importer::split_rule::document) {
        if (k > 0) out_.next_part();
        resources_.clear();
        write_fields(fields);
        write_cover();
      }
      const chapter &one = chapters_[k];
      const xhtml_counts counts = count_chapter(setting, k);
      if (chapters_.size() > 1 && is_all_told(one, counts, told)) {
        skip_texts(one, "epub.title-page");
        continue;
      }
      const scope division = out_.begin(kind::division);
      if (const auto title = titles.find(one.path); title != titles.end() && !title->second.empty())
        out_.attr("title", title->second);
      out_.attr("file", one.path);
      if (!spine_[k].is_linear) out_.attr("linear", "no");
      put_root_language(one);
      if (is_text_type(spine_[k].item->media_type)) {
        counts_.letters += write_chapter(out_, setting, k);
        add(counts);
      } else {
        write_image(one.path);
      }
    }
  }

  static bool is_all_told(const chapter &one, const xhtml_counts &counts, const word_set &told) {
    return counts.notes + counts.tables + counts.images + counts.links + counts.pages == 0 &&
           is_told_title_page(one, told);
  }
  void skip_texts(const chapter &one, std::string_view code) {
    for (const markup_node &node : one.tree.nodes())
      for (const text_piece &piece : node.pieces) {
        if (is_blank_text(piece.text)) continue;
        out_.skip({piece.begin, piece.end, one.source}, code);
        counts_.letters += count_letters(one.tree.bytes.substr(piece.begin, piece.end - piece.begin));
      }
  }

  /// A book of ours: one text, whatever its files; its front page has the record. What the package has beside that is
  /// kept, what is made anew with each book is left out.
  void write_own(const xhtml_setting &setting) {
    std::set<std::string> said;
    bool has_identifier = false;
    for (const chapter &one : chapters_)
      for (uint32_t k = 0; k < one.tree.nodes().size(); ++k) {
        if (one[k].name != own::field && !one[k].has_word("epub:type", "title")) continue;
        said.insert(squeezed(one.tree.text_of(k)));
        has_identifier = has_identifier || one[k].attribute("data-key") == "identifier";
      }
    put_language_of_own();
    std::vector<book_field> others;
    for (book_field &one : read_fields(book_)) {
      const bool is_name = one.key == "identifier" && !has_identifier;
      if (is_name) out_.attr("epub.identifier", one.text);
      has_identifier = has_identifier || is_name;
      if (is_name || is_made_anew(one) || said.count(one.text) != 0)
        skip_field(one);
      else
        others.push_back(std::move(one));
    }
    write_fields(others);
    for (uint32_t k = 0; k < chapters_.size(); ++k) add(count_chapter(setting, k));
    counts_.letters += write_own_edition(out_, setting);
  }

  /// What the exporter finds out anew for each book.
  static bool is_made_anew(const book_field &one) {
    return one.key == "language" || one.key == "modified" || one.key == "date" || one.label == "generator" ||
           one.label.starts_with("schema:access");
  }
  void skip_field(const book_field &one) {
    const source_range where = one.node == none ? one.where : place_of(book_.tree, one.node, one.text);
    out_.skip(where, "epub.made-anew");
    counts_.letters += count_letters(book_.tree.bytes.substr(where.begin, where.end - where.begin));
  }
  /// The language and direction of the text are said by each of its pages.
  void put_language_of_own() {
    for (const chapter &one : chapters_) {
      const uint32_t root = one[0].first;
      if (root == none || !one[one.body()].has_word("epub:type", "bodymatter")) continue;
      put_language(out_, one[root]);
      const bool is_rtl = edition::is_right_to_left(one[root].attribute("xml:lang").value_or(""));
      if (is_rtl && !one[root].attribute("dir")) out_.attr("dir", "ltr");
      return;
    }
  }

  /// An image that is a page by itself.
  void write_image(std::string_view path) {
    const scope figure = out_.begin(kind::figure);
    out_.text({}, {0, 0, 0}, kind::image);
    if (const std::string resource = image(path); !resource.empty()) out_.attr("resource", resource);
    ++counts_.images;
  }

  void add(const xhtml_counts &more) {
    counts_.letters += more.letters;
    counts_.notes += more.notes;
    counts_.tables += more.tables;
    counts_.images += more.images;
    counts_.links += more.links;
    counts_.pages += more.pages;
    counts_.headings += more.headings;
    counts_.items += more.items;
  }

  /// The language and direction that the root says, unless the body says otherwise.
  void put_root_language(const chapter &one) {
    markup_node both = one[one.body()];
    if (const uint32_t root = one[0].first; root != none)
      for (const markup_attribute &attribute : one[root].attributes)
        if (!both.attribute(attribute.name)) both.attributes.push_back(attribute);
    put_language(out_, both);
  }

  void write_fields(const std::vector<book_field> &fields) {
    for (const book_field &one : fields) {
      const scope field = out_.field(one.key, one.language);
      if (!one.label.empty()) out_.attr("label", one.label);
      if (one.direction == "rtl" || one.direction == "ltr") out_.attr("dir", one.direction);
      for (const auto &[name, value] : one.attributes) out_.attr(name, value);
      out_.text(one.text, one.node == none ? one.where : place_of(book_.tree, one.node, one.text));
      counts_.letters += count_letters(one.text);
    }
  }
  void write_cover() {
    const manifest_item *cover = book_.item(book_.cover);
    if (cover == nullptr) return;
    const std::string resource = image(cover->path);
    if (resource.empty()) return;
    const scope field = out_.field("calque.other");
    out_.attr("label", "cover");
    out_.text(resource, cover->where);
    counts_.letters += count_letters(resource);
  }
  source_range place_of(const markup &tree, uint32_t node, std::string_view words) const {
    const uint64_t begin = tree[node].tag_end, end = std::max(tree[node].end, begin);
    const size_t at = tree.bytes.substr(begin, end - begin).find(words);
    if (at == std::string_view::npos) return {begin, end, book_.source};
    return {begin + at, begin + at + words.size(), book_.source};
  }

  std::string image(std::string_view path) {
    std::string name(path);
    if (resources_.count(name) != 0) return name;
    const auto index = member(path);
    if (!index || archive_.is_encrypted(*index) || encrypted_.count(name) != 0) {
      if (missing_.insert(name).second)
        call_.report(level::warning, "epub.missing-image",
                     "the image \"" + name + "\" is " + (index ? "encrypted" : "not in the archive"), "get the whole book");
      return {};
    }
    const manifest_item *item = book_.item_at(path);
    out_.resource(name, item == nullptr ? std::string_view() : std::string_view(item->media_type),
                  archive_.read(*index).view());
    resources_.insert(name);
    return name;
  }

  struct spine_entry {
    const manifest_item *item;
    bool is_linear;
  };

  builder &out_;
  const call &call_;
  epub_importer::split_rule split_;
  archive archive_;
  std::unordered_map<std::string, uint32_t> members_;
  std::deque<member_bytes> held_;
  book_package book_;
  std::unordered_set<std::string> encrypted_, missing_, resources_;
  bool is_own_ = false;
  book_navigation navigation_;
  const manifest_item *in_spine_ = nullptr;  // the navigation document, where the spine has it
  std::optional<chapter> contents_;          // it, where it holds text too
  std::vector<spine_entry> spine_;
  std::vector<chapter> chapters_;
  uint64_t drawings_ = 0;
  xhtml_counts counts_;
};

}  // namespace

int epub_importer::probe(const calque::probe &file) {
  constexpr size_t name_at = 30;  // behind the head of the first member
  const bool is_archive = file.head().starts_with("PK\x03\x04"sv);
  if (is_archive && file.head().substr(std::min(name_at, file.head().size())).starts_with("mimetypeapplication/epub+zip"sv))
    return 95;
  if (file.has_member("META-INF/container.xml")) return 90;
  const bool is_named = file.has_suffix(".epub") || file.media_type() == "application/epub+zip";
  return is_named && (is_archive || file.size() > 0) ? 40 : 0;
}

void epub_importer::run(const input &, builder &out, const call &c) const {
  book_reader(out, c, split).run();
}

}  // namespace calque::plugins

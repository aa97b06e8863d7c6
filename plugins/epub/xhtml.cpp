// SPDX-License-Identifier: Apache-2.0
// Writes a tree of XHTML: blanks as browsers show them, every leaf with the bytes that it came from.
#include "plugins/epub/xhtml.hpp"

#include <calque/marks.hpp>

#include <deque>
#include <optional>
#include <utility>

#include "plugins/common/characters.hpp"
#include "plugins/epub/front_matter.hpp"
#include "plugins/epub/own_edition.hpp"
#include "plugins/epub/paths.hpp"

namespace calque::plugins {
namespace {

constexpr uint32_t none = markup_node::none;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'; }

std::optional<kind> inline_kind(std::string_view name) {
  static constexpr std::pair<std::string_view, kind> kinds[] = {
      {"b", kind::strong},        {"cite", kind::citation},   {"del", kind::strikeout}, {"em", kind::emphasis},
      {"i", kind::emphasis},      {"ins", kind::underline},   {"q", kind::quoted},      {"s", kind::strikeout},
      {"strike", kind::strikeout}, {"strong", kind::strong},  {"sub", kind::subscript}, {"sup", kind::superscript},
      {"u", kind::underline}};
  for (const auto &[known, k] : kinds)
    if (known == name) return k;
  return std::nullopt;
}

/// Why the words of what is silent are no text.
std::string_view code_of_silent(std::string_view name) {
  if (name == "rp") return "epub.ruby-parenthesis";
  if (name == own::number) return "epub.back-link";
  if (name == own::persons) return "epub.persons-not-read";
  if (name == silent_navigation) return "epub.navigation";
  return name == own::made_anew ? "epub.made-anew" : "epub.not-shown";
}

bool is_code_name(std::string_view name) {
  return name == "code" || name == "kbd" || name == "samp" || name == "tt";
}
bool is_medium_name(std::string_view name) {
  return name == "audio" || name == "video" || name == "object" || name == "iframe" || name == "embed" ||
         name == "canvas";
}
/// What is shown apart from the words around it, though it stands in their line.
bool is_apart(std::string_view name) {
  return is_block_name(name) || is_medium_name(name) || name == "button" || name == "input" || name == "select" ||
         name == "textarea";
}
bool is_list_name(std::string_view name) { return name == "ul" || name == "ol" || name == "list"; }

/// Whether a link is one that a document can hold: it leads somewhere, and stands in text.
bool is_link(const chapter &in, uint32_t node) {
  return in[node].name == "a" && in[node].attribute("href") && !in.holds_block[node];
}

/// A heading that holds lists, tables or other headings is no heading but what they stand in.
bool is_heading(const chapter &in, uint32_t node) {
  return heading_level(in[node].name) != 0 && !in.holds_structure[node];
}

std::optional<std::string_view> image_reference(const markup_node &node) {
  if (node.name == "img") return node.attribute("src");
  if (node.name != "svg:image") return std::nullopt;
  const auto link = node.attribute("xlink:href");
  return link ? link : node.attribute("href");
}

/// The image that a drawing is no more than a frame of; none when it draws something itself.
uint32_t framed_image(const chapter &in, uint32_t drawing) {
  uint32_t found = none;
  for (uint32_t k = in.tree.next_in_order(drawing, drawing); k != none; k = in.tree.next_in_order(k, drawing)) {
    const std::string_view name = in[k].name;
    if (name == "svg:image" && found == none)
      found = k;
    else if (name != "svg:title" && name != "svg:desc" && name != "svg:g" && name != "svg:defs" && !in[k].is_text())
      return none;
  }
  return found;
}

class writer {
 public:
  writer(builder &out, const xhtml_setting &book, uint32_t chapter)
      : out_(out), book_(book), chapter_(chapter), in_(&book.chapters[chapter]) {}

  uint64_t run() {
    skip_silent_head();
    const uint32_t body = in_->body();
    pass_hidden(body);
    if (is_drawing((*in_)[body]) || (body == 0 && (*in_)[0].first != none && is_drawing((*in_)[(*in_)[0].first]))) {
      const scope figure = out_.begin(kind::figure);
      drawing(body == 0 ? (*in_)[0].first : body);
    } else {
      blocks(body);
    }
    write_asides();
    return skipped_;
  }

  uint64_t run_own() {
    for (chapter_ = 0; chapter_ < book_.chapters.size(); ++chapter_) {
      in_ = &book_.chapters[chapter_];
      record(in_->body());
    }
    write_asides();
    begin_file(0);
    contents_of_part(in_->body());
    write_asides();
    return skipped_;
  }

 private:
  struct aside_to_come {
    enum { note, alt, drawing_words, image_words, ruby } what;
    uint32_t anchor;
    node_place place;
    std::string label;
  };

  node_place place(uint32_t node) const { return {chapter_, node}; }
  source_range range(uint64_t begin, uint64_t end) const { return {begin, end, in_->source}; }
  const markup_node &at(uint32_t node) const { return (*in_)[node]; }

  // ---- What is not read

  void skip(uint64_t begin, uint64_t end, std::string_view code) {
    if (begin == end) return;
    out_.skip(range(begin, end), code);
    skipped_ += count_letters(in_->tree.bytes.substr(begin, end - begin));
  }
  void skip_texts(uint32_t top, std::string_view code) {
    for (uint32_t k = top; k != none; k = in_->tree.next_in_order(k, top))
      for (const text_piece &piece : at(k).pieces)
        if (!is_blank_text(piece.text)) skip(piece.begin, piece.end, code);
  }
  void skip_silent_head() {
    if (const auto head = in_->tree.find("head")) skip_texts(*head, "epub.head");
  }

  // ---- Blocks

  // What stands in `parent`: blocks, and inlines in paragraphs of their own.
  void blocks(uint32_t parent) { blocks(parent, at(parent).first); }
  void blocks(uint32_t parent, uint32_t first) {
    const uint32_t file = chapter_;
    for (uint32_t k = first; k != none;) {
      if (is_block_like(k)) {
        block(k);
        if (chapter_ != file) return;  // a part of an edition went on elsewhere
        k = at(k).next;
        continue;
      }
      uint32_t end = k;
      while (end != none && !is_block_like(end)) end = at(end).next;
      if (at(parent).name == "figure" && shows_something(k, end)) {
        line(k, end);
      } else if (shows_something(k, end)) {
        const scope paragraph = out_.begin(kind::paragraph);
        line(k, end);
      } else {
        for (uint32_t silent = k; silent != end; silent = at(silent).next) pass_over(silent);
      }
      k = end;
    }
  }

  bool is_block_like(uint32_t node) const {
    return is_block_name(at(node).name) || in_->holds_block[node];
  }

  // Whether a run of inlines has anything in it; blanks alone are what is between blocks.
  bool shows_something(uint32_t begin, uint32_t end) const {
    for (uint32_t top = begin; top != end; top = at(top).next)
      for (uint32_t k = top; k != none;) {
        const std::string_view name = at(k).name;
        if (is_hidden(k) || book_.ties.is_back_link(place(k))) {
          k = in_->tree.after(k, top);
          continue;
        }
        if (at(k).is_text()) {
          for (const text_piece &piece : at(k).pieces)
            if (!is_blank_text(piece.text)) return true;
        } else if (name == own::missing_image || name == own::anchor || name == "img" || name == "svg:svg" || name == "math:math" || name == "br" || is_link(*in_, k) ||
                   (name == "area" && at(k).attribute("href")) || !is_blank_text(words_of_field(at(k)))) {
          return true;
        }
        k = in_->tree.next_in_order(k, top);
      }
    return false;
  }

  // Written elsewhere, or not at all.
  bool is_hidden(uint32_t node) const {
    return is_silent_name(at(node).name) || in_->is_other_case[node] || book_.ties.is_note(place(node)) ||
           in_->is_page_sign(node);
  }
  // What a run without text holds all the same: pages that begin, things that are skipped.
  void pass_over(uint32_t top) {
    for (uint32_t k = top; k != none;) {
      if (pass_hidden(k)) {
        k = in_->tree.after(k, top);
        continue;
      }
      if (book_.ties.is_back_link(place(k))) {
        skip_texts(k, "epub.back-link");
        k = in_->tree.after(k, top);
        continue;
      }
      if (is_medium_name(at(k).name)) medium(k);
      k = in_->tree.next_in_order(k, top);
    }
  }

  // Begins the page that begins here, if one does; true when nothing of the element is to be written here.
  bool pass_hidden(uint32_t node) {
    if (const std::string *label = book_.ties.page_at(place(node)); label != nullptr && !is_silent_name(at(node).name)) {
      const mark page = out_.marks().point("calque.page/1", "page", out_.position());
      if (!label->empty()) page.text("n", *label);
      page.text("source", "printed");
      if (in_->is_page_sign(node)) skip_texts(node, "epub.page-number");
    }
    if (is_silent_name(at(node).name))
      skip_texts(node, code_of_silent(at(node).name));
    else if (in_->is_other_case[node])
      skip_texts(node, "epub.other-case");
    return is_hidden(node);
  }

  void medium(uint32_t node) {
    book_.medium(range(at(node).begin, at(node).tag_end), at(node).name);
  }

  void block(uint32_t node) {
    if (pass_hidden(node)) return;
    const markup_node &one = at(node);
    const std::string_view name = one.name;
    if (is_medium_name(name)) medium(node);
    if (book_.is_own && own_block(node)) return;
    if (name == "p" && !in_->holds_block[node]) {
      if (is_node(one) || shows_something(one.first, none)) text_block(kind::paragraph, node);
      else pass_children(node);
    } else if (is_heading(*in_, node)) {
      const scope heading = out_.begin(kind::heading);
      const auto level = book_.is_own ? one.attribute("data-level") : std::nullopt;
      out_.attr("level", level && is_number(*level) ? std::string(*level) : std::to_string(heading_level(name)));
      put_attributes(one);
      line(one.first, none);
    } else if (is_list_name(name)) {
      list(node);
    } else if (name == "li") {
      item(node, kind::list_item);
    } else if (name == "dl") {
      const scope list = out_.begin(kind::definition_list);
      put_attributes(one);
      definitions(node);
    } else if (name == "dd" || name == "dt") {
      definitions_of(node);
    } else if (name == "table") {
      const scope table = out_.begin(kind::table);
      put_attributes(one);
      rows(node);
    } else if (name == "pre" && !in_->holds_block[node]) {
      const scope code = out_.begin(kind::code_block);
      put_attributes(one);
      const bool outer = std::exchange(verbatim_, true);
      line(one.first, none);
      verbatim_ = outer;
    } else if (name == "hr") {
      {
        const scope rule = out_.begin(kind::rule);
        put_attributes(one);
      }
      blocks(node);  // no file should have any in it
    } else if ((name == "figcaption" || name == "caption") && !in_->holds_structure[node]) {
      text_block(kind::caption, node);
    } else {
      container(node);
    }
  }

  void pass_children(uint32_t node) {
    for (uint32_t k = at(node).first; k != none; k = at(k).next) pass_over(k);
  }

  void text_block(kind k, uint32_t node) {
    const scope block = out_.begin(k);
    put_attributes(at(node));
    line(at(node).first, none);
  }

  void container(uint32_t node) {
    const markup_node &one = at(node);
    const std::string_view name = one.name;
    std::optional<kind> k;
    if (name == "section" || name == "article" || name.starts_with("level")) k = kind::section;
    if (name == "blockquote") k = kind::block_quote;
    if (name == "figure") k = kind::figure;
    const bool says_language = one.attribute("lang") || one.attribute("xml:lang") || one.attribute("dir");
    // A plain division that says nothing of itself would only be a level in the tree.
    const auto href = name == "a" ? one.attribute("href") : std::nullopt;
    if (!k && (href || (says_language && name != "body"))) k = kind::division;
    if (!k) return blocks(node);
    const scope block = out_.begin(*k);
    // A link is of text; what leads elsewhere with all its blocks says so itself.
    if (href) out_.attr("href", href_of(*href));
    put_attributes(one);
    blocks(node);
  }

  // An item, a cell, a definition: inlines stand in it directly where there are no blocks.
  void fill(uint32_t node) {
    if (in_->holds_block[node])
      blocks(node);
    else
      line(at(node).first, none);
  }

  void item(uint32_t node, kind k) {
    const scope block = out_.begin(k);
    put_attributes(at(node));
    fill(node);
  }

  void list(uint32_t node) {
    // A list of notes that stand at their calls is nothing.
    bool has_items = is_node(at(node));
    for (uint32_t k = at(node).first; k != none; k = at(k).next)
      has_items = has_items || (!is_hidden(k) && (is_block_like(k) || shows_something(k, at(k).next)));
    if (!has_items) return pass_children(node);
    const bool is_ordered = at(node).name == "ol" || at(node).attribute("type") == "ol";
    const scope block = out_.begin(is_ordered ? kind::ordered_list : kind::bullet_list);
    if (const auto start = at(node).attribute("start"); is_ordered && start) out_.attr("start", *start);
    if (const auto style = at(node).attribute("type"); is_ordered && style && style->size() == 1) {
      static constexpr std::pair<char, std::string_view> styles[] = {
          {'1', "decimal"}, {'a', "lower_alpha"}, {'A', "upper_alpha"}, {'i', "lower_roman"}, {'I', "upper_roman"}};
      for (const auto &[letter, word] : styles)
        if (letter == style->front()) out_.attr("style", word);
    }
    put_attributes(at(node));
    blocks(node);
  }

  // ---- Editions of ours

  // An element of an edition that has a name by which links find it.
  bool is_node(const markup_node &one) const { return book_.is_own && one.attribute("id"); }
  void put_attributes(const markup_node &one) {
    put_language(out_, one);
    if (is_node(one)) out_.attr("id", *one.attribute("id"));
  }

  bool own_block(uint32_t node) {
    const markup_node &one = at(node);
    if (one.name == own::record) return true;
    if (!one.name.starts_with(own::block_mark)) return false;
    const auto known = own_kind(one.name);
    // A line that holds blocks is none of ours any more; what is in it is read as what it is.
    const bool is_line = one.name == own::dress || (known && class_of(*known) == kind_class::inlines);
    if (is_line && in_->holds_block[node]) return blocks(node), true;
    if (one.name == own::dress) return line(one.first, none), true;
    const scope block = known ? out_.begin(*known) : out_.begin(one.name.substr(own::block_mark.size()));
    put_attributes(one);
    if (is_line) {
      line(one.first, none);
    } else if (is_own_part(one.name)) {
      ++parts_;
      contents_of_part(node);
      --parts_;
    } else if (known == kind::row) {
      cells(node);
    } else {
      fill(node);
    }
    return true;
  }

  // The fields that a record holds. Whatever else was put into it is kept as one.
  void record(uint32_t top) {
    for (uint32_t k = top; k != none;) {
      const markup_node &one = at(k);
      bool is_record = false;
      for (uint32_t up = k; up != none && !is_record; up = at(up).parent) is_record = at(up).name == own::record;
      const bool is_stray = is_record && one.is_text() && shows_something(k, one.next);
      if (one.name == own::field || is_stray) {
        field(k);
      } else if (!is_record || !pass_hidden(k)) {
        k = in_->tree.next_in_order(k, top);
        continue;
      }
      k = in_->tree.after(k, top);
    }
  }
  void field(uint32_t node) {
    const markup_node &one = at(node);
    const std::string_view key = one.attribute("data-key").value_or("");
    const bool is_key = !key.empty() && key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == key.npos;
    const scope field = out_.field(is_key ? key : "calque.other");
    if (const auto label = one.attribute("data-label")) out_.attr("label", *label);
    put_attributes(one);
    if (one.is_text()) return line(node, one.next);
    line(one.first, none);
  }

  // What a part holds, or (within no part) the body. Where the next file begins with as many parts without a name,
  // it goes on there.
  void contents_of_part(uint32_t node) {
    const uint32_t depth = parts_;
    uint32_t top = node, first = at(node).first;
    for (;;) {
      const uint32_t file = chapter_;
      blocks(top, first);
      if (chapter_ == file) {
        if (!goes_on(top, depth)) return;
        end_file(top);
        begin_file(chapter_ + 1);
        top = leading(chapter_)[depth];
        first = at(top).first;
      } else {
        // What is below has gone on at the head of this file.
        const std::vector<uint32_t> parts = leading(chapter_);
        top = parts[depth];
        first = at(parts[depth + 1]).next;
      }
    }
  }
  // The body of a file, and the parts without a name that stand at its head, each in the one before.
  std::vector<uint32_t> leading(uint32_t file) const {
    const chapter &in = book_.chapters[file];
    std::vector<uint32_t> parts{in.body()};
    for (;;) {
      uint32_t k = in[parts.back()].first;
      while (k != none && in[k].is_text() && in.tree.is_blank(k)) k = in[k].next;
      if (k == none || !is_own_part(in[k].name) || in[k].attribute("id")) return parts;
      parts.push_back(k);
    }
  }
  bool goes_on(uint32_t top, uint32_t depth) const {
    if (chapter_ + 1 == book_.chapters.size() || leading(chapter_ + 1).size() <= depth) return false;
    uint32_t around = 0;
    for (uint32_t k = top; k != in_->body(); k = at(k).parent) {
      if (!is_own_part(at(k).name)) return false;
      ++around;
      for (uint32_t s = at(k).next; s != none; s = at(s).next)
        if (at(s).is_text() ? !in_->tree.is_blank(s) : !at(s).has_word("class", "notes")) return false;
    }
    return around == depth;
  }
  // Notes that nothing calls stand behind the last part.
  void end_file(uint32_t top) {
    for (uint32_t k = top; k != in_->body(); k = at(k).parent)
      for (uint32_t s = at(k).next; s != none; s = at(s).next)
        if (is_block_like(s)) block(s);
  }
  void begin_file(uint32_t file) {
    chapter_ = file;
    in_ = &book_.chapters[file];
    skip_silent_head();
    pass_hidden(in_->body());
  }

  bool own_inline(uint32_t node) {
    const markup_node &one = at(node);
    if (!one.name.starts_with(own::inline_mark)) return false;
    if (one.name == own::inline_dress) {
      inlines(one.first, none);
    } else if (one.name == own::call) {
      called_ = node;
      if (const book_note *note = book_.ties.called_by(place(node)))
        call(node, *note);
      else
        inlines(one.first, none);
      called_ = none;
    } else if (one.name == own::missing_image || one.name == own::anchor) {
      put_blank();
      leaf_ends();
      const bool is_image = one.name == own::missing_image;
      const uint32_t leaf = out_.text({}, range(one.begin, one.tag_end), is_image ? kind::image : kind::anchor);
      at_start_ = false;
      put_attributes(one);
      if (!is_image) return true;
      if (const auto name = one.attribute("title")) out_.attr("resource", *name);
      if (shows_something_below(node)) asides_.push_back({aside_to_come::image_words, leaf, place(node), {}});
    } else if (one.name == own::math || one.name == own::raw) {
      put_blank();
      leaf_ends();
      const auto outer = std::exchange(leaf_kind_, one.name == own::math ? kind::math : kind::raw);
      inlines(one.first, none);
      leaf_kind_ = outer;
      leaf_ends();
    } else {
      put_blank();
      leaf_ends();
      const auto known = own_kind(one.name);
      const scope inner = known ? out_.begin(*known) : out_.begin(one.name.substr(own::inline_mark.size()));
      put_attributes(one);
      inlines(one.first, none);
      leaf_ends();
    }
    return true;
  }

  // ---- Lists of definitions and tables

  void definitions(uint32_t node) {
    for (uint32_t k = at(node).first; k != none; k = at(k).next) {
      if (at(k).is_text()) {
        if (shows_something(k, at(k).next)) {
          const scope stray = out_.begin(kind::definition);
          line(k, at(k).next);
        }
      } else if (at(k).name == "div") {
        if (!pass_hidden(k)) book_.is_own ? blocks(k) : definitions(k);
      } else if (at(k).name == "dt" || at(k).name == "dd") {
        if (!pass_hidden(k)) definitions_of(k);
      } else if (is_hidden(k)) {
        pass_hidden(k);
      } else {
        const scope stray = out_.begin(kind::definition);
        if (is_block_like(k))
          block(k);
        else
          line(k, at(k).next);
      }
    }
  }
  void definitions_of(uint32_t node) {
    if (at(node).name == "dt" && !in_->holds_structure[node])
      text_block(kind::term, node);
    else
      item(node, kind::definition);
  }

  void rows(uint32_t node) {
    for (uint32_t k = at(node).first; k != none; k = at(k).next) {
      const std::string_view name = at(k).name;
      if (name == "col" || name == "colgroup") continue;
      if (name == "thead" || name == "tbody" || name == "tfoot") {
        if (!pass_hidden(k)) rows(k);
      } else if (name == "tr") {
        if (pass_hidden(k)) continue;
        const scope row = out_.begin(kind::row);
        put_attributes(at(k));
        cells(k);
      } else if (name == "caption" && !in_->holds_structure[k]) {
        if (!pass_hidden(k)) text_block(kind::caption, k);
      } else if (is_cell(k)) {
        // No table has this, but files do; it is read as a row of its own.
        const scope row = out_.begin(kind::row);
        cell(k);
      }
    }
  }
  void cells(uint32_t row) {
    for (uint32_t k = at(row).first; k != none; k = at(k).next)
      if (is_cell(k)) cell(k);
  }
  // Begins the page of what is a cell; what is none, but stands where cells do, begins its own.
  bool is_cell(uint32_t node) {
    const std::string_view name = at(node).name;
    if (name == "td" || name == "th") return !pass_hidden(node);
    if (at(node).is_text()) return shows_something(node, at(node).next);
    return !is_hidden(node) || !pass_hidden(node);
  }
  void cell(uint32_t node) {
    const scope block = out_.begin(kind::cell);
    const markup_node &one = at(node);
    if (one.name == "th") out_.attr("header", "true");
    for (const std::string_view key : {"colspan", "rowspan"})
      if (const auto span = one.attribute(key); span && !span->empty() && *span != "1" && is_number(*span))
        out_.attr(key, *span);
    if (one.name == "td" || one.name == "th") {
      put_attributes(one);
      fill(node);
    } else if (is_block_like(node)) {
      this->block(node);
    } else {
      line(node, one.next);
    }
  }
  static bool is_number(std::string_view text) {
    return text.size() < 10 && text.find_first_not_of("0123456789") == text.npos;
  }

  // ---- Inlines

  // A run of inlines [begin, end) that is read as one line of text.
  void line(uint32_t begin, uint32_t end) {
    blank_.reset();
    at_start_ = true;
    inlines(begin, end);
    blank_.reset();
    leaf_ends();
  }

  void inlines(uint32_t begin, uint32_t end) {
    for (uint32_t k = begin; k != end && k != none; k = at(k).next) {
      if (at(k).is_text())
        for (const text_piece &piece : at(k).pieces) text(piece);
      else if (!pass_hidden(k))
        element(k);
    }
  }

  void element(uint32_t node) {
    const markup_node &one = at(node);
    const std::string_view name = one.name;
    if (name == "br") {
      blank_.reset();
      leaf_ends();
      out_.text("\n", range(one.begin, one.end), kind::line_break);
      at_start_ = true;
      return inlines(one.first, none);  // no file should have any in these
    }
    if (name == "img") return image(node), inlines(one.first, none);
    if (name == "svg:svg") return drawing(node);
    if (name == "math:math") return formula(node);
    if (name == "rt") return ruby_text(node);
    if (is_medium_name(name)) medium(node);
    if (book_.is_own && own_inline(node)) return;
    if (const book_note *note = book_.ties.called_by(place(node))) return call(node, *note);
    if (book_.ties.is_back_link(place(node))) return skip_texts(node, "epub.back-link");
    // What is before it and what is in it are two words.
    if (is_apart(name) && !at_start_ && !blank_) blank_ = range(one.begin, one.begin);

    std::optional<kind> k = inline_kind(name);
    if (is_link(*in_, node)) k = kind::link;
    if (k && *k == kind::superscript && is_call_alone(node)) k.reset();
    const bool says_something = one.attribute("lang") || one.attribute("xml:lang") || one.attribute("dir") ||
                                one.attribute("title");
    if (!k && (says_something || name == "ruby")) k = kind::span;
    if (name == "input") field_of_form(node);
    if (name == "area") part_of_picture(node);
    const bool outer_code = code_;
    if (is_code_name(name) && (book_.is_own || (!verbatim_ && shows_something_below(node)))) {
      put_blank();  // it is before the code, not of it
      code_ = true;
    }
    if (!k || (!shows_something_below(node) && *k != kind::link)) {
      if (code_ != outer_code) leaf_ends();
      inlines(one.first, none);
      if (code_ != outer_code) leaf_ends();
    } else {
      put_blank();
      leaf_ends();
      const scope inner = out_.begin(*k);
      if (*k == kind::link) {
        const auto unfollowed = book_.is_own ? one.attribute("data-target") : std::nullopt;
        out_.attr("href", unfollowed ? std::string(*unfollowed) : href_of(*one.attribute("href")));
      }
      if (const auto title = one.attribute("title"); title && !title->empty()) out_.attr("title", *title);
      put_attributes(one);
      if (name == "q") mark_of_quotation("\u201c", one.tag_end);
      inlines(one.first, none);
      if (name == "q") mark_of_quotation("\u201d", one.end);
      leaf_ends();
    }
    code_ = outer_code;
    if (is_apart(name) && !at_start_ && !blank_) blank_ = range(one.end, one.end);
  }

  void field_of_form(uint32_t node) {
    const std::string_view words = words_of_field(at(node));
    if (is_blank_text(words)) return;
    put_blank();
    leaf_ends();
    const scope field = out_.begin(kind::span);
    out_.attr("role", "input");
    out_.text(words, in_->tree.place_of(at(node), words, in_->source));
    at_start_ = false;
  }

  // A part of an image that leads elsewhere: a link without words.
  void part_of_picture(uint32_t node) {
    const auto href = at(node).attribute("href");
    if (!href) return;
    put_blank();
    leaf_ends();
    const scope part = out_.begin(kind::link);
    out_.attr("href", href_of(*href));
    if (const auto alt = at(node).attribute("alt"); alt && !alt->empty()) out_.attr("title", *alt);
  }

  bool shows_something_below(uint32_t node) const { return shows_something(at(node).first, none); }

  // Browsers write the marks; the files have none.
  void mark_of_quotation(std::string_view mark, uint64_t where) {
    out_.text(mark, range(where, where));
    leaf_ends();
    at_start_ = false;
  }

  bool is_call_alone(uint32_t node) const {
    uint32_t call = none;
    for (uint32_t k = at(node).first; k != none; k = at(k).next) {
      if (at(k).is_text() && in_->tree.is_blank(k)) continue;
      if (call != none || book_.ties.called_by(place(k)) == nullptr) return false;
      call = k;
    }
    return call != none;
  }

  std::string href_of(std::string_view href) const {
    const auto path = resolved(in_->base, href);
    if (!path) return std::string(href);
    const size_t mark = href.find('#');
    // No name comes twice in an edition, whatever the file.
    if (book_.is_own && mark != href.npos) return "#" + fragment_of(href);
    return *path + (mark == href.npos ? std::string() : "#" + fragment_of(href));
  }

  void leaf_ends() { leaf_open_ = false; }

  void put(std::string_view bytes, source_range from) {
    if (bytes.empty()) return;
    if (leaf_open_)
      out_.more(bytes, from);
    else
      out_.text(bytes, from, leaf_kind_ ? *leaf_kind_ : code_ || (verbatim_ && !book_.is_own) ? kind::code : kind::text);
    leaf_open_ = true;
    at_start_ = false;
  }
  void put_blank() {
    if (blank_ && !at_start_) put(" ", *blank_);
    blank_.reset();
  }

  // Text of a piece: runs of blanks are one, none stand at the ends of a line.
  void text(const text_piece &piece) {
    const std::string_view all = piece.text;
    const bool is_exact = piece.end - piece.begin == all.size();
    const auto from = [&](size_t begin, size_t end) {
      return is_exact ? range(piece.begin + begin, piece.begin + end) : range(piece.begin, piece.end);
    };
    if (verbatim_ || (book_.is_own && (code_ || leaf_kind_))) return put_blank(), put(all, from(0, all.size()));
    for (size_t at = 0; at < all.size();) {
      size_t end = at;
      if (is_space(all[at])) {
        while (end < all.size() && is_space(all[end])) ++end;
        const source_range here = from(at, end);
        // An edition holds its text as it is; what may part its lines are line feeds.
        if (book_.is_own && all.substr(at, end - at).find('\n') == all.npos) {
          put_blank();
          put(all.substr(at, end - at), here);
          at = end;
          continue;
        }
        if (!blank_) blank_ = here;
        if (blank_->end <= here.begin) blank_->end = here.end;
        at = end;
        continue;
      }
      // A single blank between words is as it stands in the file, so that a line is one run.
      while (end < all.size() && (!is_space(all[end]) || (all[end] == ' ' && end + 1 < all.size() &&
                                                           !is_space(all[end + 1]))))
        ++end;
      put_blank();
      put(all.substr(at, end - at), from(at, end));
      at = end;
    }
  }

  // ---- Notes, images and other asides

  void call(uint32_t node, const book_note &note) {
    put_blank();
    leaf_ends();
    const markup_node &one = at(node);
    if (note.is_picture) {
      inlines(one.first, none);
      put_blank();
      leaf_ends();
    }
    const uint32_t anchor = out_.text({}, range(one.begin, one.begin), kind::anchor);
    if (called_ != none) put_attributes(at(called_));
    at_start_ = false;
    if (!note.is_picture) skip_texts(node, "epub.note-call");
    asides_.push_back({aside_to_come::note, anchor, note.element, note.label});
  }
  void image(uint32_t node) {
    put_blank();
    leaf_ends();
    const markup_node &one = at(node);
    const uint32_t leaf = out_.text({}, range(one.begin, one.tag_end), kind::image);
    at_start_ = false;
    const auto reference = image_reference(one);
    const auto path = reference ? resolved(in_->base, *reference) : std::nullopt;
    const std::string resource = path ? book_.image(*path) : std::string();
    if (!resource.empty())
      out_.attr("resource", resource);
    else if (reference && !reference->starts_with("data:"))
      out_.attr("src", *reference);
    if (const auto title = one.attribute("title"); title && !title->empty()) out_.attr("title", *title);
    if (is_node(one)) put_attributes(one);
    if (const auto alt = one.attribute("alt"); alt && !is_blank_text(*alt))
      asides_.push_back({aside_to_come::alt, leaf, place(node), {}});
  }

  void drawing(uint32_t node) {
    put_blank();
    leaf_ends();
    const markup_node &one = at(node);
    const uint32_t leaf = out_.text({}, range(one.begin, one.tag_end), kind::image);
    at_start_ = false;
    const uint32_t framed = framed_image(*in_, node);
    const auto reference = framed == none ? std::nullopt : image_reference(at(framed));
    const auto path = reference ? resolved(in_->base, *reference) : std::nullopt;
    const std::string resource = framed != none
                                     ? (path ? book_.image(*path) : std::string())
                                     : book_.drawing(in_->path, in_->tree.bytes.substr(one.begin, one.end - one.begin));
    if (!resource.empty()) out_.attr("resource", resource);
    for (uint32_t k = node; k != none; k = in_->tree.next_in_order(k, node)) {
      if (!is_silent_name(at(k).name)) continue;
      skip_texts(k, "epub.not-shown");
    }
    asides_.push_back({aside_to_come::drawing_words, leaf, place(node), {}});
  }

  // A formula in TeX where the file has that too, else its signs, with MathML itself as an attribute.
  void formula(uint32_t node) {
    const markup_node &one = at(node);
    if (!shows_something_below(node)) return pass_children(node);
    put_blank();
    leaf_ends();
    const uint32_t tex = tex_of(*in_, node);
    if (tex == none) {
      const scope signs = out_.begin(kind::span);
      out_.attr("role", "math");
      if (in_->has_plain_bytes()) out_.attr("mathml", in_->tree.bytes.substr(one.begin, one.end - one.begin));
      at_start_ = true;
      formula_signs(one.first);
      blank_.reset();
      leaf_ends();
      at_start_ = false;
      return;
    }
    bool is_first = true;
    for (uint32_t k = tex; k != none; k = in_->tree.next_in_order(k, tex))
      for (const text_piece &piece : at(k).pieces) {
        if (is_first)
          out_.text(piece.text, range(piece.begin, piece.end), kind::math);
        else
          out_.more(piece.text, range(piece.begin, piece.end));
        is_first = false;
      }
    if (one.attribute("display") == "block") out_.attr("display", "true");
    at_start_ = false;
    for (uint32_t k = node; k != none; k = k == tex ? in_->tree.after(k, node) : in_->tree.next_in_order(k, node))
      if (at(k).is_text()) skip_texts(k, "epub.math-presentation");
  }
  // Each sign is a word, whatever it stands over, under or beside. An image in a formula is in its MathML.
  void formula_signs(uint32_t first) {
    for (uint32_t k = first; k != none; k = at(k).next) {
      const std::string_view name = at(k).name;
      if (is_annotation(name)) {
        skip_texts(k, "epub.math-presentation");
      } else if (at(k).is_text()) {
        for (const text_piece &piece : at(k).pieces) text(piece);
      } else if (!pass_hidden(k)) {
        if (!at_start_ && !blank_) blank_ = range(at(k).begin, at(k).begin);
        formula_signs(at(k).first);
      }
    }
  }

  void ruby_text(uint32_t node) {
    if (!shows_something_below(node)) return pass_children(node);
    leaf_ends();
    const uint32_t anchor = out_.text({}, range(at(node).begin, at(node).begin), kind::anchor);
    asides_.push_back({aside_to_come::ruby, anchor, place(node), {}});
  }

  // Asides are written when the blocks are: a note may call another, and so on, without one being within the other.
  void write_asides() {
    while (!asides_.empty()) {
      const aside_to_come next = std::move(asides_.front());
      asides_.pop_front();
      chapter_ = next.place.chapter;
      in_ = &book_.chapters[chapter_];
      const uint32_t node = next.place.node;
      switch (next.what) {
        case aside_to_come::note: {
          const scope note = out_.aside("note", next.anchor);
          if (!next.label.empty()) out_.attr("label", next.label);
          put_attributes(at(node));
          fill(node);
          break;
        }
        case aside_to_come::alt: {
          const scope alt = out_.aside("alt", next.anchor);
          const std::string_view words = *at(node).attribute("alt");
          out_.text(words, in_->tree.place_of(at(node), words, in_->source));
          break;
        }
        case aside_to_come::image_words: {
          const scope alt = out_.aside("alt", next.anchor);
          words_in_brackets(node);
          break;
        }
        case aside_to_come::drawing_words: drawing_words(node, next.anchor); break;
        case aside_to_come::ruby: {
          const scope reading = out_.aside("reading", next.anchor);
          put_attributes(at(node));
          line(at(node).first, none);
          break;
        }
      }
    }
  }

  // What stands for an image that the book does not hold: its alternative text, in brackets.
  void words_in_brackets(uint32_t node) {
    bool is_first = true;
    for (uint32_t k = node; k != none; k = in_->tree.next_in_order(k, node))
      for (text_piece piece : at(k).pieces) {
        const bool is_open = is_first && piece.text.starts_with('['), is_closed = piece.text.ends_with(']');
        is_first = false;
        if (is_open) piece.text.remove_prefix(1), ++piece.begin;
        if (is_closed && !piece.text.empty()) piece.text.remove_suffix(1), --piece.end;
        put(piece.text, range(piece.begin, piece.end));
      }
    leaf_ends();
  }

  void drawing_words(uint32_t node, uint32_t anchor) {
    std::optional<scope> alt;
    blank_.reset();
    at_start_ = true;
    for (uint32_t k = node; k != none;) {
      if (is_silent_name(at(k).name)) {
        k = in_->tree.after(k, node);
        continue;
      }
      for (const text_piece &piece : at(k).pieces) {
        if (is_blank_text(piece.text)) continue;
        if (!alt) alt.emplace(out_.aside("alt", anchor));
        if (!at_start_ && !blank_) blank_ = range(piece.begin, piece.begin);
        text(piece);
      }
      k = in_->tree.next_in_order(k, node);
    }
    leaf_ends();
  }

  builder &out_;
  const xhtml_setting &book_;
  uint32_t chapter_;
  const chapter *in_;
  std::deque<aside_to_come> asides_;
  std::optional<source_range> blank_;  // blanks that were read and are not written yet
  bool at_start_ = true;               // of a line, where blanks are not shown
  bool leaf_open_ = false;             // the last leaf can be gone on with
  bool verbatim_ = false, code_ = false;
  std::optional<kind> leaf_kind_;  // of the leaves of a formula, or of another notation
  uint32_t called_ = none;         // the element around a call of an edition
  uint32_t parts_ = 0;             // open around what is read, in an edition
  uint64_t skipped_ = 0;
};

}  // namespace

uint64_t write_chapter(builder &out, const xhtml_setting &book, uint32_t chapter) {
  return writer(out, book, chapter).run();
}

uint64_t write_own_edition(builder &out, const xhtml_setting &book) {
  return writer(out, book, 0).run_own();
}

void put_language(builder &out, const markup_node &node) {
  const auto own = node.attribute("xml:lang"), plain = node.attribute("lang");
  const std::string_view language = trimmed(own ? *own : plain ? *plain : std::string_view());
  if (!language.empty()) out.attr("lang", language);
  if (const auto direction = node.attribute("dir"); direction == "ltr" || direction == "rtl")
    out.attr("dir", *direction);
}

bool is_drawing(const markup_node &node) { return node.name == "svg:svg"; }

}  // namespace calque::plugins

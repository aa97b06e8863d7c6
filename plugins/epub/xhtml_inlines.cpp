// SPDX-License-Identifier: Apache-2.0
// Lines of XHTML: blanks as browsers show them, marks, links, images, formulas, and the asides that are called.
#include "plugins/epub/xhtml_writer.hpp"

#include <utility>

#include "plugins/epub/own_edition.hpp"
#include "plugins/epub/paths.hpp"

namespace calque::plugins::xhtml_writing {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

std::optional<kind> inline_kind(std::string_view name) {
  static constexpr std::pair<std::string_view, kind> kinds[] = {
      {"b", kind::strong},         {"cite", kind::citation}, {"del", kind::strikeout}, {"em", kind::emphasis},
      {"i", kind::emphasis},       {"ins", kind::underline}, {"q", kind::quoted},      {"s", kind::strikeout},
      {"strike", kind::strikeout}, {"strong", kind::strong}, {"sub", kind::subscript}, {"sup", kind::superscript},
      {"u", kind::underline}};
  for (const auto &[known, k] : kinds)
    if (known == name) return k;
  return std::nullopt;
}

bool is_code_name(std::string_view name) {
  return name == "code" || name == "kbd" || name == "samp" || name == "tt";
}

/// What is shown apart from the words around it, though it stands in their line.
bool is_apart(std::string_view name) {
  return is_block_name(name) || is_medium_name(name) || name == "button" || name == "input" || name == "select" ||
         name == "textarea";
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

}  // namespace

void writer::line(uint32_t begin, uint32_t end) {
  blank_.reset();
  at_start_ = true;
  inlines(begin, end);
  blank_.reset();
  leaf_ends();
}

void writer::inlines(uint32_t begin, uint32_t end) {
  for (uint32_t k = begin; k != end && k != none; k = at(k).next) {
    if (at(k).is_text())
      for (const text_piece &piece : at(k).pieces) text(piece);
    else if (!pass_hidden(k))
      element(k);
  }
}

void writer::element(uint32_t node) {
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
  const bool says_something =
      one.attribute("lang") || one.attribute("xml:lang") || one.attribute("dir") || one.attribute("title");
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

void writer::field_of_form(uint32_t node) {
  const std::string_view words = words_of_field(at(node));
  if (is_blank_text(words)) return;
  put_blank();
  leaf_ends();
  const scope field = out_.begin(kind::span);
  out_.attr("role", "input");
  out_.text(words, in_->tree.place_of(at(node), words, in_->source));
  at_start_ = false;
}

void writer::part_of_picture(uint32_t node) {
  const auto href = at(node).attribute("href");
  if (!href) return;
  put_blank();
  leaf_ends();
  const scope part = out_.begin(kind::link);
  out_.attr("href", href_of(*href));
  if (const auto alt = at(node).attribute("alt"); alt && !alt->empty()) out_.attr("title", *alt);
}

void writer::mark_of_quotation(std::string_view mark, uint64_t where) {
  out_.text(mark, range(where, where));
  leaf_ends();
  at_start_ = false;
}

bool writer::is_call_alone(uint32_t node) const {
  uint32_t call = none;
  for (uint32_t k = at(node).first; k != none; k = at(k).next) {
    if (at(k).is_text() && in_->tree.is_blank(k)) continue;
    if (call != none || book_.ties.called_by(place(k)) == nullptr) return false;
    call = k;
  }
  return call != none;
}

std::string writer::href_of(std::string_view href) const {
  const auto path = resolved(in_->base, href);
  if (!path) return std::string(href);
  const size_t mark = href.find('#');
  // No name comes twice in an edition, whatever the file.
  if (book_.is_own && mark != href.npos) return "#" + fragment_of(href);
  return *path + (mark == href.npos ? std::string() : "#" + fragment_of(href));
}

void writer::put(std::string_view bytes, source_range from) {
  if (bytes.empty()) return;
  if (leaf_open_)
    out_.more(bytes, from);
  else
    out_.text(bytes, from, leaf_kind_ ? *leaf_kind_ : code_ || (verbatim_ && !book_.is_own) ? kind::code : kind::text);
  leaf_open_ = true;
  at_start_ = false;
}

void writer::put_blank() {
  if (blank_ && !at_start_) put(" ", *blank_);
  blank_.reset();
}

void writer::text(const text_piece &piece) {
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
    while (end < all.size() &&
           (!is_space(all[end]) || (all[end] == ' ' && end + 1 < all.size() && !is_space(all[end + 1]))))
      ++end;
    put_blank();
    put(all.substr(at, end - at), from(at, end));
    at = end;
  }
}

void writer::call(uint32_t node, const book_note &note) {
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

void writer::image(uint32_t node) {
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

void writer::drawing(uint32_t node) {
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

void writer::formula(uint32_t node) {
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

void writer::formula_signs(uint32_t first) {
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

void writer::ruby_text(uint32_t node) {
  if (!shows_something_below(node)) return pass_children(node);
  leaf_ends();
  const uint32_t anchor = out_.text({}, range(at(node).begin, at(node).begin), kind::anchor);
  asides_.push_back({aside_to_come::ruby, anchor, place(node), {}});
}

void writer::write_asides() {
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
      case aside_to_come::drawing_words:
        drawing_words(node, next.anchor);
        break;
      case aside_to_come::ruby: {
        const scope reading = out_.aside("reading", next.anchor);
        put_attributes(at(node));
        line(at(node).first, none);
        break;
      }
    }
  }
}

void writer::words_in_brackets(uint32_t node) {
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

void writer::drawing_words(uint32_t node, uint32_t anchor) {
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

}  // namespace calque::plugins::xhtml_writing

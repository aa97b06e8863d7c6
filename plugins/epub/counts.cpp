// SPDX-License-Identifier: Apache-2.0
// Counts what a file holds on its tree, apart from writing it, so that the sum can be checked.
#include "plugins/epub/xhtml.hpp"

#include "plugins/common/characters.hpp"
#include "plugins/epub/own_edition.hpp"

namespace calque::plugins {
namespace {

constexpr uint32_t none = markup_node::none;

}  // namespace

uint64_t count_letters(std::string_view utf8) {
  uint64_t count = 0;
  for (size_t at = 0; at < utf8.size();) {
    const char32_t c = next_character(utf8, at);
    count += c < 0x80 ? (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
                      : u_isalnum(static_cast<UChar32>(c)) != 0;
  }
  return count;
}

xhtml_counts count_chapter(const xhtml_setting &book, uint32_t number) {
  const chapter &in = book.chapters[number];
  xhtml_counts counts;
  for (uint32_t k = in.body(); k != none;) {
    const markup_node &one = in[k];
    const node_place here{number, k};
    bool is_whole = false;  // nothing below it counts
    if (one.is_text()) {
      for (const text_piece &piece : one.pieces) counts.letters += count_letters(piece.text);
    } else if (is_silent_name(one.name) || in.is_other_case[k]) {
      is_whole = true;
    } else {
      counts.pages += book.ties.page_at(here) != nullptr;
      const book_note *note = book.ties.called_by(here);
      counts.notes += note != nullptr;
      if (in.is_page_sign(k) || book.ties.is_back_link(here) || (note != nullptr && !note->is_picture)) {
        is_whole = true;
      } else if (const uint32_t tex = one.name == "math:math" ? tex_of(in, k) : none; tex != none) {
        for (uint32_t below = tex; below != none; below = in.tree.next_in_order(below, tex))
          for (const text_piece &piece : in[below].pieces) counts.letters += count_letters(piece.text);
        is_whole = true;
      } else if (one.name == "math:math") {
        // Of what a formula holds only the signs are written.
        for (uint32_t below = in.tree.next_in_order(k, k); below != none;) {
          const bool is_hidden = is_annotation(in[below].name) || is_silent_name(in[below].name) ||
                                 in.is_other_case[below] || in.is_page_sign(below);
          counts.pages += !is_annotation(in[below].name) && !is_silent_name(in[below].name) &&
                          book.ties.page_at({number, below}) != nullptr;
          if (!is_hidden)
            for (const text_piece &piece : in[below].pieces) counts.letters += count_letters(piece.text);
          below = is_hidden ? in.tree.after(below, k) : in.tree.next_in_order(below, k);
        }
        is_whole = true;
      } else if (one.name == "svg:svg") {
        ++counts.images;
        for (uint32_t below = k; below != none;) {
          if (is_silent_name(in[below].name)) {
            below = in.tree.after(below, k);
            continue;
          }
          for (const text_piece &piece : in[below].pieces) counts.letters += count_letters(piece.text);
          below = in.tree.next_in_order(below, k);
        }
        is_whole = true;
      } else {
        counts.tables += one.name == "table";
        counts.items += one.name == "li" && !book.ties.is_note(here);
        counts.headings += heading_level(one.name) != 0 && !in.holds_structure[k];
        counts.links += one.name == "a" && one.attribute("href") && !in.holds_block[k] && note == nullptr;
        counts.links += one.name == "area" && one.attribute("href");
        if (const std::string_view words = words_of_field(one); !is_blank_text(words))
          counts.letters += count_letters(words);
        counts.images += one.name == own::missing_image && !in.holds_block[k];
        if (one.name == "img") {
          ++counts.images;
          counts.letters += count_letters(one.attribute("alt").value_or(""));
        }
      }
    }
    k = is_whole ? in.tree.after(k, in.body()) : in.tree.next_in_order(k, in.body());
  }
  return counts;
}

}  // namespace calque::plugins

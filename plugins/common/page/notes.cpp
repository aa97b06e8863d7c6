// SPDX-License-Identifier: Apache-2.0
// Notes of a page: their calls in the line, and where they are written.
#include "plugins/common/page/page_writer.hpp"

namespace edition {

using calque::kind;

/// The number that calls a note; the first one carries the name that the notes lead back to.
void page_writer::call(node n) {
  account_.emitted(n);
  const auto asides = reading_.asides_of(n);
  std::string place = id(n);
  if (asides.empty()) out_ += "<span" + place + "></span>";
  if (!n.range().is_empty()) leaf_text(n, n.text());
  for (node aside : asides) {
    notes_.push_back({aside, n, ++note_count_});
    const std::string number = std::to_string(note_count_);
    start("sup", " class=\"call\"" + place);
    place.clear();
    const auto to = in_link_ == 0 ? way_to(name_of(aside)) : std::nullopt;
    if (to)
      start("a", std::string(form_.note_call) + attribute("href", *to) + attribute("aria-label", "Note " + number));
    out_ += number;
    if (to) end("a");
    end("sup");
  }
}

/// An alternative text is one string: notes that it calls are called by the image.
std::string page_writer::alternative_text(node image) {
  std::string words(image.text());
  for (node aside : reading_.asides_of(image)) {
    for (uint32_t i = aside.index(); i < aside.end_index();) {
      const node part = document_.at(i);
      const bool is_nested = part.is(kind::aside) && i > aside.index();
      if (!is_nested) account_.emitted(part);
      i = is_nested ? part.end_index() : i + 1;
    }
    for (node further : reading_.asides_below(aside)) notes_.push_back({further, image, ++note_count_});
    if (!words.empty()) words += ' ';
    words += plain_text(document_, aside);
  }
  return words;
}

/// An aside is written where it is called; one without a call is a note of its place.
void page_writer::loose_aside(node n) {
  if (!reading_.is_called(n)) notes_.push_back({n, std::nullopt, ++note_count_});
}

void page_writer::notes() {
  if (notes_.empty()) return;
  out_ += form_.notes;
  // Headings of the text do not stand below those of a note.
  const auto levels = levels_;
  // A note may call further notes, which are then written too.
  for (size_t k = 0; k < notes_.size(); ++k) {
    const called_note note = notes_[k];
    account_.emitted(note.aside);
    note_languages(note.aside.range());
    begin_note(note);
    languages_.emplace_back(reading_.language_of(note.aside));
    blocks(note.aside);
    languages_.pop_back();
    end_note(note);
  }
  out_ += "</section>\n";
  notes_.clear();
  levels_ = levels;
}

}  // namespace edition

// SPDX-License-Identifier: Apache-2.0
// The text of a body: two maps one behind the other, from text to bytes and from bytes to what is stored.
#include "plugins/eml/body_text.hpp"

#include <algorithm>
#include <optional>

#include "plugins/eml/ascii.hpp"
#include "plugins/eml/header_text.hpp"

namespace calque::plugins::mail {
namespace {

/// A leaf in the making: chunks of it with their places.
class leaf_writer {
 public:
  leaf_writer(builder &out, kind k) : out_(out), kind_(k) {}
  void add(std::string_view bytes, uint64_t begin, uint64_t end) {
    // A character whose bytes are stored apart has one place, which covers them.
    if (!held_.empty() && !bytes.empty() && (static_cast<unsigned char>(bytes[0]) & 0xc0) == 0x80) {
      held_ += bytes;
      held_end_ = end;
      gap_.reset();
      return;
    }
    flush();
    held_ = bytes;
    held_begin_ = begin;
    held_end_ = end;
  }
  void gap(uint64_t begin, uint64_t end) {
    if (begin < end) gap_ = source_range{begin, end};
  }
  void flush() {
    if (!held_.empty()) {
      if (is_first_)
        out_.text(held_, {held_begin_, held_end_}, kind_);
      else
        out_.more(held_, {held_begin_, held_end_});
      is_first_ = false;
    }
    held_.clear();
    if (gap_) out_.skip(*gap_, "eml.transfer-encoding");
    gap_.reset();
  }

 private:
  builder &out_;
  kind kind_;
  bool is_first_ = true;
  std::string held_;
  uint64_t held_begin_ = 0, held_end_ = 0;
  std::optional<source_range> gap_;
};

}  // namespace

body_text::body_text(stored_bytes stored, std::string_view charset) : stored_(std::move(stored)) {
  const std::string_view bytes = stored_.bytes();
  if (bytes.empty()) return;
  const std::string label = lower_ascii(charset);
  const bool is_plain = label.empty() || label == "us-ascii" || label == "ascii" || label.starts_with("unknown");
  const auto try_as = [&](const std::string &encoding, bool replace) {
    try {
      decoded_ = decode(bytes, {encoding, replace}, "eml");
      is_text_ = true;
    } catch (const failure &) {
      is_text_ = false;
    }
    return is_text_;
  };
  bool is_known = true, fits = true;
  if (!is_plain) {
    // What is no charset at all is told apart from one that does not fit.
    to_utf8("", label, &is_known);
    if (is_known && try_as(label == "utf8" ? "utf-8" : label, false)) return;
    fits = false;
  }
  if (is_plain_utf8(bytes) && try_as("utf-8", false)) {
    const bool is_ascii = std::all_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    state_ = !fits ? (is_known ? charset_state::wrong_label : charset_state::unknown_label)
             : is_ascii ? charset_state::as_labelled
                        : charset_state::guessed;
    return;
  }
  state_ = !is_known ? charset_state::unknown_label : fits ? charset_state::guessed : charset_state::wrong_label;
  // Some bad bytes among many good ones are damage; the label is still the best that is known of the rest.
  const auto is_mostly_sound = [&] {
    size_t beyond_ascii = 0;
    for (const char c : decoded_.text()) beyond_ascii += (static_cast<unsigned char>(c) & 0xc0) == 0xc0;
    return beyond_ascii > 4 * decoded_.replaced.size();
  };
  if (!is_plain && is_known && try_as(label == "utf8" ? "utf-8" : label, true) && is_mostly_sound()) return;
  try_as("auto", true);
}

source_range body_text::place_of(size_t begin, size_t end) const {
  const source_range bytes = decoded_.source_of(begin, end);
  return {stored_.place_of(bytes.begin), stored_.place_of(bytes.end)};
}

void body_text::skip_front(builder &out, std::string_view code) const {
  const uint64_t first = is_text_ ? place_of(0, 0).begin : stored_.stored_end();
  if (stored_.stored_begin() < first) out.skip({stored_.stored_begin(), first}, code);
}

void body_text::skip(builder &out, size_t begin, size_t end, std::string_view code) const {
  const source_range at = place_of(begin, end);
  if (at.begin < at.end) out.skip(at, code);
}

void body_text::put_break(builder &out, size_t begin, size_t end, kind k) const {
  out.text(k == kind::line_break ? "\n" : " ", place_of(begin, end), k);
}

void body_text::put(builder &out, size_t begin, size_t end, kind k) const {
  leaf_writer leaf(out, k);
  const std::string_view bytes = stored_.bytes();
  decoded_.each_piece(begin, end, [&](std::string_view piece, source_range from) {
    const bool equal = bytes.substr(from.begin, from.end - from.begin) == piece;
    if (!equal || from.begin == from.end) {
      leaf.add(piece, stored_.place_of(from.begin), stored_.place_of(from.end));
      return;
    }
    for (uint64_t at = from.begin; at < from.end;) {
      size_t step = stored_.step_at(at);
      size_t stop = std::min<uint64_t>(stored_.end_of_step(step), from.end);
      if (!stored_.steps()[step].equal) {
        // Groups of base64 are smaller than words; a word has one place.
        const size_t word_end = std::min<uint64_t>(bytes.substr(0, from.end).find(' ', at), from.end - 1) + 1;
        while (stop < word_end && !stored_.steps()[step + 1].equal) stop = std::min(stored_.end_of_step(++step), word_end);
      }
      const bool to_its_end = stop == stored_.end_of_step(step);
      const uint64_t stored_end = to_its_end ? stored_.steps()[step].end : stored_.place_of(stop);
      leaf.add(bytes.substr(at, stop - at), stored_.place_of(at), stored_end);
      leaf.gap(stored_end, stored_.place_of(stop));
      at = stop;
    }
  });
  leaf.flush();
}

}  // namespace calque::plugins::mail

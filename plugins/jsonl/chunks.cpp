// SPDX-License-Identifier: Apache-2.0
// Cutting and packing. A piece's text is the document's own, so a chunk always knows where it came from.
#include "chunks.hpp"

#include <algorithm>
#include <utility>

namespace jsonl {

using calque::kind;
using calque::node;
using calque::text_range;

namespace {

bool is_follower(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

size_t characters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !is_follower(c); }));
}

/// The bytes of the first `count` characters.
size_t bytes_of(std::string_view text, size_t count) {
  size_t at = 0;
  while (at < text.size() && count > 0) {
    ++at;
    while (at < text.size() && is_follower(text[at])) ++at;
    --count;
  }
  return at;
}

class collector {
 public:
  collector(calque::document_view document, const edition::reading &reading) : document_(document), reading_(reading) {}

  std::vector<piece> all() {
    for (node field : document_.fields()) {
      std::string label(field.attr("label").value_or(field.attr("key").value_or("")));
      while (label.ends_with(':')) label.pop_back();
      kind_ = chunk_kind::record;
      label_ = label + ": ";
      walk(field);
      label_.clear();
    }
    kind_ = chunk_kind::text;
    walk(document_.root());
    notes();
    return std::move(pieces_);
  }

 private:
  struct heading {
    uint64_t level;
    std::string text;
  };

  void walk(node parent) {
    for (uint32_t i = parent.index() + 1; i < parent.end_index();) {
      const node n = document_.at(i);
      const uint32_t end = edition::end_of_inlines(document_, parent, i);
      if (end > i) {
        add(n, {{n.range().begin, document_.at(end - 1).range().end}});
        i = end;
        continue;
      }
      i = n.end_index();
      if (n.is(kind::aside)) {
        if (n.attr("role") != "field") notes_.push_back(n);
      } else if (n.is(kind::heading)) {
        begin_section(n);
      } else if (n.is_text_block()) {
        add(n, {n.range()});
      } else if (n.is(kind::row)) {
        row(n);
      } else if (n.is(kind::speech)) {
        const auto outer = speaker_;
        const edition::person *person = reading_.speaker_of(n);
        speaker_ = person != nullptr ? person->full : std::string_view();
        if (person == nullptr)
          for (node child : n.children())
            if (child.is(kind::speaker)) speaker_ = trimmed(child.text());
        walk(n);
        speaker_ = outer;
      } else {
        walk(n);
      }
    }
  }

  static std::string_view trimmed(std::string_view label) {
    while (!label.empty() && (label.back() == ':' || label.back() == ' ')) label.remove_suffix(1);
    return label;
  }

  void begin_section(node n) {
    if (kind_ == chunk_kind::text) {
      notes();
      uint64_t level = 1;
      if (const auto said = n.attr("level"); said && said->size() == 1 && *said >= "1" && *said <= "9") level = static_cast<uint64_t>((*said)[0] - '0');
      while (!headings_.empty() && headings_.back().level >= level) headings_.pop_back();
      headings_.push_back({level, edition::plain_text(document_, n)});
      begins_section_ = true;
    }
    add(n, {n.range()});
  }

  void row(node n) {
    std::vector<text_range> cells;
    own_text(n, cells);
    add(n, std::move(cells));
  }

  /// Runs of text below a node without the asides, which wait for their turn.
  void own_text(node parent, std::vector<text_range> &found) {
    for (uint32_t i = parent.index() + 1; i < parent.end_index();) {
      const node n = document_.at(i);
      const uint32_t end = edition::end_of_inlines(document_, parent, i);
      if (end > i) {
        found.push_back({n.range().begin, document_.at(end - 1).range().end});
        i = end;
        continue;
      }
      i = n.end_index();
      if (n.is(kind::aside))
        notes_.push_back(n);
      else if (n.is_text_block())
        found.push_back(n.range());
      else
        own_text(n, found);
    }
  }

  void add(node n, std::vector<text_range> parts) {
    std::erase_if(parts, [](const text_range &r) { return r.is_empty(); });
    if (parts.empty()) return;
    piece made;
    made.parts = std::move(parts);
    made.label = std::exchange(label_, {});
    made.node_id = n.id();
    made.language = reading_.language_of(n);
    if (made.language.empty()) made.language = reading_.main_language();
    made.speaker = speaker_;
    made.section = section();
    made.begins_section = std::exchange(begins_section_, false);
    made.kind = kind_;
    pieces_.push_back(std::move(made));
  }

  std::vector<std::string> section() const {
    std::vector<std::string> path;
    for (const heading &h : headings_) path.push_back(h.text);
    return path;
  }

  void notes() {
    // A note may hold further ones.
    const chunk_kind outer = std::exchange(kind_, chunk_kind::note);
    const auto headings = headings_;
    for (size_t k = 0; k < notes_.size(); ++k) {
      const node aside = notes_[k];
      walk(aside);
    }
    notes_.clear();
    headings_ = headings;
    kind_ = outer;
  }

  calque::document_view document_;
  const edition::reading &reading_;
  std::vector<piece> pieces_;
  std::vector<heading> headings_;
  std::vector<node> notes_;
  std::string label_;
  std::string_view speaker_;
  bool begins_section_ = false;
  chunk_kind kind_ = chunk_kind::text;
};

class packer {
 public:
  packer(calque::document_view document, size_t size, size_t overlap) : document_(document), size_(size), overlap_(overlap) {}

  std::vector<chunk> pack(const std::vector<piece> &pieces) {
    for (const piece &p : pieces) {
      if (p.begins_section || p.kind != now_.kind || p.language != now_.language || p.section != now_.section) close(false);
      size_t total = characters(p.label);
      for (const text_range &part : p.parts) total += characters(document_.text(part)) + 3;
      if (used_ > 0 && used_ + 2 + total - 3 > size_) close(true);
      bool is_first = true;
      for (const text_range &part : p.parts) {
        put(p, part, is_first ? "\n\n" : " | ", is_first ? std::string_view(p.label) : std::string_view());
        is_first = false;
      }
    }
    close(false);
    return std::move(chunks_);
  }

 private:
  void put(const piece &p, text_range part, std::string_view gap, std::string_view label) {
    while (!part.is_empty()) {
      const std::string_view text = document_.text(part);
      const size_t before = used_ == 0 ? 0 : characters(gap);
      const size_t room = size_ > used_ + before + characters(label) ? size_ - used_ - before - characters(label) : 0;
      size_t take = bytes_of(text, room);
      size_t next = take;
      if (take < text.size()) {
        // At a blank, which is in neither chunk; where there is none, between two letters.
        const size_t blank = text.find_last_of(" \n", take);
        if (blank != std::string_view::npos && blank > 0) {
          take = blank;
          next = blank + 1;
        } else if (has_own_) {
          close(true);
          continue;
        } else {
          next = take = std::max(take, bytes_of(text, 1));
        }
      }
      add(p, {part.begin, static_cast<uint32_t>(part.begin + take)}, gap, label);
      part.begin += static_cast<uint32_t>(next);
      label = {};
      // What is repeated of a paragraph that goes on is one with the rest of it.
      gap = next > take ? " " : "";
      if (!part.is_empty()) close(true);
    }
  }

  void add(const piece &p, text_range range, std::string_view gap, std::string_view label) {
    if (!has_own_) {
      now_.node_id = p.node_id;
      now_.language = p.language;
      now_.section = p.section;
      now_.kind = p.kind;
    }
    const size_t before = now_.text.size();
    if (before > 0) now_.text += gap;
    now_.text += label;
    now_.text += document_.text(range);
    used_ += characters(std::string_view(now_.text).substr(before));
    now_.ranges.push_back(range);
    if (!p.speaker.empty() && std::find(now_.speakers.begin(), now_.speakers.end(), p.speaker) == now_.speakers.end())
      now_.speakers.push_back(p.speaker);
    has_own_ = true;
  }

  /// `goes_on`: the next chunk is of the same section, and begins with the end of this one.
  void close(bool goes_on) {
    if (!has_own_) {
      if (!goes_on) reset();
      return;
    }
    chunk done = std::move(now_);
    reset();
    if (goes_on && overlap_ > 0) {
      const text_range last = done.ranges.back();
      const std::string_view text = document_.text(last);
      const size_t count = characters(text);
      size_t from = count > overlap_ ? bytes_of(text, count - overlap_) : 0;
      // From the begin of a word, or nothing.
      if (from > 0 && text[from - 1] != ' ' && text[from - 1] != '\n')
        from = std::min(text.find_first_of(" \n", from), text.size() - 1) + 1;
      const text_range repeated{static_cast<uint32_t>(last.begin + from), last.end};
      if (!repeated.is_empty()) {
        now_.text = document_.text(repeated);
        now_.ranges.push_back(repeated);
        used_ = characters(now_.text);
      }
      now_.language = done.language;
      now_.section = done.section;
      now_.kind = done.kind;
    }
    chunks_.push_back(std::move(done));
  }
  void reset() {
    now_ = {};
    used_ = 0;
    has_own_ = false;
  }

  calque::document_view document_;
  const size_t size_, overlap_;
  std::vector<chunk> chunks_;
  chunk now_;
  size_t used_ = 0;       // characters in now_
  bool has_own_ = false;  // more than what it repeats
};

}  // namespace

std::vector<piece> pieces_of(calque::document_view document, const edition::reading &reading) {
  return collector(document, reading).all();
}

std::vector<chunk> pack(calque::document_view document, const std::vector<piece> &pieces, size_t size, size_t overlap) {
  return packer(document, size, overlap).pack(pieces);
}

}  // namespace jsonl

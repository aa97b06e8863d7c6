// SPDX-License-Identifier: Apache-2.0
// A rewrite as one list of pieces, and where text, spans and points of the old document are in the new one.
#pragma once

#include <cstdint>
#include <vector>

#include "host/document/columns.hpp"

namespace calque::host {

/// A stretch of the new text; never empty. Copied: equal to [in_begin, in_end) of the old text. New: put in because
/// of [in_begin, in_end), which it replaces; an empty range: inserted there. What was left out has no piece.
struct piece {
  uint32_t in_begin, in_end, out_begin, out_end;
  bool copied;
  bool moved;  // copied with a code: out of its order, or once more
};

/// Both modes of the rewriter come down to a list of pieces, so there is one set of rules for what moves where:
/// - The image of a byte is its first copy without a code, else its first copy, else the new text that replaced it.
/// - A span becomes the longest run of new text that comes of it (the first among equals): images of its bytes, new
///   text because of a stretch that meets it, insertions strictly inside it, and new text between two of these. When
///   nothing comes of it, it is the point where its text was.
/// - A point keeps to the byte on its side: after it the next byte that has an image, before it the last one.
/// docs/decisions/002-spans-through-a-rewrite.md says why.
class span_map {
 public:
  /// A span of the new text, and whether its text was kept (CALQUE_INTACT, CALQUE_MOVED, CALQUE_STALE).
  struct target {
    uint32_t begin, end;
    uint8_t state;
  };

  /// `pieces` are in output order, tile the new text, and outlive the map.
  explicit span_map(const std::vector<piece> &pieces);

  target span(uint32_t begin, uint32_t end) const;
  target point(uint32_t at, bool before) const;

 private:
  using image = piece;  // a piece, or the part of it that stands for its old text
  struct stretch {
    uint32_t begin, end, in_begin;
    bool copied, moved;
  };

  void add_images();
  std::vector<stretch> marked(uint32_t begin, uint32_t end) const;
  target span_in_order(uint32_t begin, uint32_t end) const;
  uint32_t copied_between(uint32_t out_begin, uint32_t out_end) const;

  const std::vector<piece> &pieces_;
  bool in_order_ = true;                 // nothing was moved or repeated: new text follows the old one's order
  std::vector<image> images_;            // by in_begin, disjoint
  std::vector<piece> new_text_;          // by in_begin; in order: insertions only
  std::vector<uint32_t> new_text_end_;   // the largest in_end up to here
  std::vector<uint32_t> copied_before_;  // bytes copied before each piece
};

/// The origins of the new text: copies keep theirs, a replacement covers what it replaced, an insertion is an empty
/// range at its place.
origin_columns compose_origins(const calque_origins &old, uint32_t old_size, const std::vector<piece> &pieces);

}  // namespace calque::host

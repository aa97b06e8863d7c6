// SPDX-License-Identifier: Apache-2.0
// All ways to tie two texts in order, within a band: the best one, and how sure each of its links is.
#pragma once

#include "plugins/align/length_model.hpp"
#include "plugins/align/lexicon.hpp"
#include "plugins/align/stop_model.hpp"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace calque::align {

/// So many segments of the source with so many of the target.
struct shape {
  uint8_t source, target;
};
constexpr std::array<shape, 8> shapes = {{{1, 1}, {1, 0}, {0, 1}, {2, 1}, {1, 2}, {2, 2}, {3, 1}, {1, 3}}};

/// Segments [source, source + shape) and [target, target + shape) belong together.
struct bead {
  uint32_t source = 0, target = 0;
  uint8_t of = 0;    // index into shapes
  double score = 0;  // how sure: the part of all ways that go through it
  uint32_t source_count() const { return shapes[of].source; }
  uint32_t target_count() const { return shapes[of].target; }
};

/// For each number of source segments done, which numbers of target segments are thought of: [begin, end).
struct band {
  std::vector<uint32_t> begin, end;
  std::vector<size_t> offset;  // of a row's first cell
  uint32_t rows() const { return static_cast<uint32_t>(begin.size()); }
  size_t cells() const { return offset.empty() ? 0 : offset.back(); }
  bool has(uint32_t i, uint32_t j) const { return i < rows() && j >= begin[i] && j < end[i]; }
  size_t cell(uint32_t i, uint32_t j) const { return offset[i] + (j - begin[i]); }
};

/// A way through the rows: where it enters and leaves each.
struct course {
  std::vector<uint32_t> first, last;
};
/// A band of `reach` on both sides of a course; it always leads from corner to corner.
band band_around(const course &, uint32_t columns, uint32_t reach);
/// The course of beads that cover both texts.
course course_of(const std::vector<bead> &way, uint32_t rows);

using shape_odds = std::array<double, shapes.size()>;

class lattice {
 public:
  /// All references must outlive it.
  lattice(const evidence &, const lexicon &, const length_model &, const stop_model &, const shape_odds &log_priors,
          const band &);

  /// The likeliest way, and the score of each of its beads among all ways within `reach` of it.
  std::vector<bead> solve(uint32_t reach) const;

 private:
  struct gain {
    float source = 0, target = 0;
  };
  void put_gains(const side &here, const side &there, const expectations &, bool is_source);
  void put_apart();
  double odds(uint32_t i, uint32_t j, shape) const;
  std::vector<bead> likeliest() const;
  void score(std::vector<bead> &, uint32_t reach) const;

  const evidence &evidence_;
  const length_model &lengths_;
  const stop_model &stops_;
  const shape_odds &priors_;
  const band &band_;
  std::vector<gain> gains_;  // of source segment i - 1 and target segment j - 1 in cell (i, j)
  std::vector<by_span> missed_source_, missed_target_, best_source_, best_target_;  // by segment
  std::vector<std::pair<uint32_t, uint32_t>> rows_of_column_;  // [begin, end) of the rows whose band has it
  std::vector<double> length_source_, length_target_;          // of all segments before
  std::vector<uint32_t> stops_source_, stops_target_;
  std::vector<std::array<double, 3>> apart_;  // of one, two and three target segments that end there, by themselves
};

}  // namespace calque::align

// SPDX-License-Identifier: Apache-2.0
// Passes over the lattice: by anchors and lengths first, then by the words that the surest links have taught.
#include "plugins/align/aligner.hpp"

#include <algorithm>
#include <cmath>

namespace calque::align {
namespace {

// A lattice has so many cells at most (some 30 bytes each); longer texts are searched closer to the diagonal.
constexpr size_t most_cells = 4'000'000;
constexpr uint32_t first_reach = 100;  // around the diagonal, and an eighth of the text beside
constexpr uint32_t next_reach = 64;    // around the way that was found
constexpr uint32_t near_reach = 24;    // around the likeliest way, for scores
constexpr int passes = 3;
constexpr double sure_enough = 0.7;  // links that teach

constexpr std::array<double, shapes.size()> usual_shapes = {0.82, 0.025, 0.025, 0.05, 0.05, 0.001, 0.003, 0.003};
constexpr double seen_before = 40;  // what the usual shapes count for, in links

shape_odds logs_of(const std::array<double, shapes.size()> &parts) {
  shape_odds logs{};
  for (size_t k = 0; k < parts.size(); ++k) logs[k] = std::log(parts[k]);
  return logs;
}

/// For each row the target segment at which as large a part of the text has passed.
course diagonal(const evidence &e) {
  double source = 0, target = 0;
  for (float l : e.source.length) source += l;
  for (float l : e.target.length) target += l;
  std::vector<uint32_t> middle{0};
  double here = 0, there = 0;
  uint32_t j = 0;
  for (float l : e.source.length) {
    here += l;
    while (j < e.target.size() && there * source < here * target) there += e.target.length[j++];
    middle.push_back(j);
  }
  return {middle, middle};
}

std::vector<tied> sure_links(const std::vector<bead> &way) {
  std::vector<tied> links;
  for (const bead &b : way)
    if (b.source_count() != 0 && b.target_count() != 0 && b.source_count() + b.target_count() <= 3 &&
        b.score >= sure_enough)
      links.push_back({b.source, b.target, b.source_count(), b.target_count(), b.score});
  return links;
}

shape_odds shapes_of(const std::vector<bead> &way) {
  std::array<double, shapes.size()> parts{};
  for (size_t k = 0; k < parts.size(); ++k) parts[k] = usual_shapes[k] * seen_before;
  double all = seen_before;
  for (const bead &b : way) {
    parts[b.of] += b.score;
    all += b.score;
  }
  for (double &part : parts) part /= all;
  // The rare shapes stay rare: a pass that is wrong about them must not teach the next.
  for (size_t k = 5; k < parts.size(); ++k) parts[k] = usual_shapes[k];
  return logs_of(parts);
}

}  // namespace

std::vector<bead> find_links(const std::vector<passage> &source, const std::vector<passage> &target,
                             const std::function<void()> &step) {
  const evidence found = collect(source, target);
  step();
  const uint32_t rows = found.source.size(), columns = found.target.size();
  const auto reach = static_cast<uint32_t>(std::max<size_t>(most_cells / (2 * (size_t{rows} + 1)), near_reach));
  length_model lengths(found);
  stop_model stops(found);
  shape_odds odds = logs_of(usual_shapes);
  course middle = diagonal(found);
  std::vector<bead> way;
  std::vector<tied> links;
  for (int pass = 0; pass < passes; ++pass) {
    const lexicon words = learn(found, links);
    step();
    const uint32_t wanted = pass == 0 ? first_reach + std::max(rows, columns) / 8 : next_reach;
    const band where = band_around(middle, columns, std::min(reach, wanted));
    way = lattice(found, words, lengths, stops, odds, where).solve(near_reach);
    step();
    middle = course_of(way, rows);
    links = sure_links(way);
    odds = shapes_of(way);
    std::vector<length_model::pair> pairs;
    std::vector<stop_model::pair> ends;
    for (const tied &l : links) {
      uint32_t here = 0, there = 0;
      for (uint32_t k = 0; k < l.source_count; ++k) here += found.source.stops[l.source + k];
      for (uint32_t k = 0; k < l.target_count; ++k) there += found.target.stops[l.target + k];
      ends.push_back({here, there, l.source_count, l.target_count, l.weight});
      if (l.source_count == 1 && l.target_count == 1)
        pairs.push_back({found.source.length[l.source], found.target.length[l.target], l.weight});
    }
    lengths.fit(pairs);
    stops.fit(ends);
  }
  return way;
}

}  // namespace calque::align

// SPDX-License-Identifier: Apache-2.0
// How many sentences a translation has: as many as its original, nearly always. It tells halves from wholes.
#pragma once

#include "plugins/align/evidence.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace calque::align {

class stop_model {
 public:
  explicit stop_model(const evidence &e) {
    // How many ends of sentences a segment of the target has, when nothing is known; then two of them, and three.
    auto &one = apart_[0];
    one.fill(0);
    for (size_t k = 0; k <= most_stops; ++k) one[k] = 0.2;
    for (uint8_t stops : e.target.stops) ++one[stops];
    double all = 0;
    for (double n : one) all += n;
    for (double &n : one) n /= all;
    for (size_t parts = 1; parts < apart_.size(); ++parts) {
      apart_[parts].fill(0);
      for (size_t a = 0; a < one.size(); ++a)
        for (size_t b = 0; a + b < one.size(); ++b) apart_[parts][a + b] += apart_[parts - 1][a] * one[b];
    }
    set_rates();
  }

  /// The logarithm of how likely so many ends translate so many; `apart` is to be taken off it, which gives odds.
  double together(uint32_t source, uint32_t target, uint32_t source_parts, uint32_t target_parts) const {
    return together_[source_parts != target_parts][difference(source, target, source_parts, target_parts)];
  }
  /// The same for `target` ends in so many segments when nothing is known of their original.
  double apart(uint32_t target, uint32_t target_parts) const {
    return std::log(apart_[target_parts - 1][std::min<size_t>(target, most)]);
  }

  struct pair {
    uint32_t source, target, source_parts, target_parts;
    double weight;
  };
  void fit(const std::vector<pair> &pairs) {
    rates_ = usual;
    for (table &t : rates_)
      for (double &r : t) r *= seen_before;
    for (const pair &p : pairs)
      rates_[p.source_parts != p.target_parts][difference(p.source, p.target, p.source_parts, p.target_parts)] +=
          p.weight;
    set_rates();
  }

 private:
  static constexpr size_t most = 3 * most_stops;
  static constexpr double seen_before = 12;  // what the usual rates count for, in links
  using table = std::array<double, 4>;
  // As many ends, one more or less, further apart. Where segments are as many as each other they end alike; else a
  // sentence was cut, or sentences were joined, which shows as a difference in ends as in segments (the last).
  static constexpr std::array<table, 2> usual = {{{0.82, 0.16, 0.02, 0.0001}, {0.44, 0.1, 0.02, 0.44}}};

  static size_t difference(uint32_t source, uint32_t target, uint32_t source_parts, uint32_t target_parts) {
    const int ends = static_cast<int>(target) - static_cast<int>(source);
    if (ends == 0) return 0;
    if (source_parts != target_parts && ends == static_cast<int>(target_parts) - static_cast<int>(source_parts))
      return 3;
    return ends == 1 || ends == -1 ? 1 : 2;
  }
  void set_rates() {
    for (size_t k = 0; k < rates_.size(); ++k) {
      double all = 0;
      for (double r : rates_[k]) all += r;
      for (size_t c = 0; c < rates_[k].size(); ++c) together_[k][c] = std::log(rates_[k][c] / all);
    }
  }

  std::array<std::array<double, most + 1>, 3> apart_{};
  std::array<table, 2> rates_ = usual, together_{};
};

}  // namespace calque::align

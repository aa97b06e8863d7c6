// SPDX-License-Identifier: Apache-2.0
// How long a translation is: Gale and Church's model, with the scale and the spread taken from the texts themselves.
#pragma once

#include "plugins/align/evidence.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace calque::align {

/// Lengths are as evidence has them; those of the target are scaled to the source's.
class length_model {
 public:
  explicit length_model(const evidence &e) {
    // As if a page of equal length had been seen: what was left out of a short text must not set the scale.
    double source = page, target = page;
    for (float l : e.source.length) source += l;
    for (float l : e.target.length) target += l;
    ratio_ = target / source;
    // What lengths are like when nothing is known: log-normal, over both texts.
    double sum = 0, squares = 0, count = 0;
    const auto look = [&](const std::vector<float> &lengths, double scale) {
      for (float l : lengths) {
        const double x = std::log(l / scale);
        sum += x;
        squares += x * x;
        ++count;
      }
    };
    look(e.source.length, 1);
    look(e.target.length, ratio_);
    if (count > 0) mean_ = sum / count;
    if (count > 1) deviation_ = std::max(std::sqrt(std::max(squares / count - mean_ * mean_, 0.0)), 0.4);
  }

  /// The logarithm of the density of `target` letters as a translation of `source` letters; `apart` is to be taken off
  /// it, which gives odds.
  double together(double source, double target) const {
    const double scaled = target / ratio_, middle = std::max((source + scaled) / 2, shortest);
    // Student's t with six degrees of freedom: translators do leave things out.
    const double variance = variance_ * middle, far = 1 + (scaled - source) * (scaled - source) / variance / 6;
    return -0.9604 - std::log(far * far * far * std::sqrt(far * variance));
  }
  /// The same for `target` letters in `parts` segments when nothing is known of their original.
  double apart(double target, uint32_t parts) const {
    const double x = std::log(target / ratio_), z = (x - mean_ - std::log(static_cast<double>(parts))) / deviation_;
    return -0.9189 - z * z / 2 - std::log(deviation_) - x;
  }

  /// Takes the scale and the spread from pairs that belong together.
  struct pair {
    double source, target, weight;
  };
  void fit(const std::vector<pair> &pairs) {
    double source = page / 4, target = page / 4 * ratio_, weight = 0, squares = 0;
    for (const pair &p : pairs) {
      source += p.weight * p.source;
      target += p.weight * p.target;
      weight += p.weight;
    }
    if (weight < fewest_pairs) return;
    mean_ += std::log(ratio_);
    ratio_ = target / source;
    mean_ -= std::log(ratio_);
    for (const pair &p : pairs) {
      const double scaled = p.target / ratio_, middle = std::max((p.source + scaled) / 2, shortest);
      squares += p.weight * std::min((scaled - p.source) * (scaled - p.source) / middle, variance_ * 16);
    }
    // As if a few pairs of the usual spread had been seen too.
    variance_ = std::clamp((squares * 0.8 + usual_variance * fewest_pairs) / (weight + fewest_pairs), 0.5, 40.0);
  }

 private:
  static constexpr double page = 1000, shortest = 4, usual_variance = 8, fewest_pairs = 5;
  double ratio_ = 1, variance_ = usual_variance, mean_ = 4, deviation_ = 0.7;
};

}  // namespace calque::align

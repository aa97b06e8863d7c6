// SPDX-License-Identifier: Apache-2.0
// Dynamic programming over beads: best way by maxima, scores by sums forward and backward.
#include "plugins/align/lattice.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace calque::align {
namespace {

constexpr double never = -std::numeric_limits<double>::infinity();
// Lengths and words of one pair are not quite independent, so for scores the odds are taken less seriously; and the
// less so the fewer segments there were to learn from.
constexpr double sobriety = 0.75, few = 4;
double sober(const evidence &e) {
  const double segments = std::min(e.source.size(), e.target.size());
  return sobriety * segments / (segments + few);
}

double sum_of_logs(double a, double b) {
  if (a < b) std::swap(a, b);
  return b == never ? a : a + std::log1p(std::exp(b - a));
}

/// What a segment loses when nothing is met, and the most that it can win back.
void add_up(const side &text, const expectations &e, std::vector<by_span> &missed, std::vector<by_span> &best) {
  for (const auto &tokens : text.tokens) {
    by_span lost{}, most{};
    for (uint32_t t : tokens)
      for (size_t k = 0; k < widest_span; ++k) {
        lost[k] += e.missed[t][k];
        most[k] += e.best[t][k];
      }
    missed.push_back(lost);
    best.push_back(most);
  }
}

/// What was met in each of `span` segments, together: in more of them more is met by chance.
double together(const by_span &missed, const by_span &best, float met, size_t span) {
  const size_t k = span - 1;
  const float part = best[0] > 0 ? best[k] / best[0] : 0;
  return missed[k] + std::min(met * part, best[k]);
}

/// The beads that lead to the last cell, where `came` names the last shape of the way to each.
std::vector<bead> way_back(const band &where, const std::vector<uint8_t> &came) {
  std::vector<bead> way;
  for (uint32_t i = where.rows() - 1, j = where.end.back() - 1; i > 0 || j > 0;) {
    const uint8_t k = came[where.cell(i, j)];
    i -= shapes[k].source;
    j -= shapes[k].target;
    way.push_back({i, j, k, 0});
  }
  std::reverse(way.begin(), way.end());
  return way;
}

template <class Sum, class Part>
std::vector<Sum> running(const std::vector<Part> &parts) {
  std::vector<Sum> sums{0};
  for (Part part : parts) sums.push_back(sums.back() + static_cast<Sum>(part));
  return sums;
}

}  // namespace

band band_around(const course &way, uint32_t columns, uint32_t reach) {
  band made;
  uint32_t last_end = 1;
  const size_t rows = way.first.size();
  for (size_t i = 0; i < rows; ++i) {
    // Rows touch each other, whatever the course does, so that a way through is always there.
    const uint32_t begin = std::min(way.first[i] < reach ? 0 : way.first[i] - reach, last_end - 1);
    const uint32_t end = std::max(std::min(columns + 1, way.last[i] + reach + 1), last_end);
    made.begin.push_back(begin);
    made.end.push_back(i + 1 == rows ? columns + 1 : end);
    last_end = made.end.back();
  }
  size_t at = 0;
  for (uint32_t i = 0; i < made.rows(); ++i) {
    made.offset.push_back(at);
    at += made.end[i] - made.begin[i];
  }
  made.offset.push_back(at);
  return made;
}

course course_of(const std::vector<bead> &way, uint32_t rows) {
  course made{std::vector<uint32_t>(rows + 1, UINT32_MAX), std::vector<uint32_t>(rows + 1, 0)};
  const auto pass = [&](uint32_t i, uint32_t j) {
    made.first[i] = std::min(made.first[i], j);
    made.last[i] = std::max(made.last[i], j);
  };
  pass(0, 0);
  for (const bead &b : way) {
    for (uint32_t k = 1; k < b.source_count(); ++k) pass(b.source + k, b.target);
    pass(b.source + b.source_count(), b.target + b.target_count());
  }
  return made;
}

lattice::lattice(const evidence &e, const lexicon &words, const length_model &lengths, const stop_model &stops,
                 const shape_odds &priors, const band &where)
    : evidence_(e), lengths_(lengths), stops_(stops), priors_(priors), band_(where), gains_(where.cells()) {
  add_up(e.source, words.of_source, missed_source_, best_source_);
  add_up(e.target, words.of_target, missed_target_, best_target_);
  length_source_ = running<double>(e.source.length);
  length_target_ = running<double>(e.target.length);
  stops_source_ = running<uint32_t>(e.source.stops);
  stops_target_ = running<uint32_t>(e.target.stops);
  put_apart();
  rows_of_column_.assign(e.target.size() + 1, {where.rows(), 0});
  for (uint32_t i = 0; i < where.rows(); ++i)
    for (uint32_t j = where.begin[i]; j < where.end[i]; ++j) {
      rows_of_column_[j].first = std::min(rows_of_column_[j].first, i);
      rows_of_column_[j].second = i + 1;
    }
  put_gains(e.source, e.target, words.of_source, true);
  put_gains(e.target, e.source, words.of_target, false);
}

void lattice::put_apart() {
  apart_.resize(length_target_.size());
  for (uint32_t j = 1; j < apart_.size(); ++j)
    for (uint32_t parts = 1; parts <= std::min<uint32_t>(j, 3); ++parts)
      apart_[j][parts - 1] = lengths_.apart(length_target_[j] - length_target_[j - parts], parts) +
                             stops_.apart(stops_target_[j] - stops_target_[j - parts], parts);
}

// From each token to the segments of the other text in which something of it is met: the best of what is there counts.
void lattice::put_gains(const side &here, const side &there, const expectations &e, bool is_source) {
  std::vector<float> met(there.size());
  std::vector<uint32_t> touched;
  for (uint32_t token = 0; token < here.vocabulary.size(); ++token) {
    if (e.begin[token] == e.begin[token + 1]) continue;
    for (uint32_t k = e.begin[token]; k < e.begin[token + 1]; ++k)
      for (uint32_t segment : there.places[e.entries[k].token]) {
        if (met[segment] == 0) touched.push_back(segment);
        met[segment] = std::max(met[segment], e.entries[k].met);
      }
    std::sort(touched.begin(), touched.end());
    for (uint32_t own : here.places[token]) {
      const auto [begin, end] =
          is_source ? std::pair(band_.begin[own + 1], band_.end[own + 1]) : rows_of_column_[own + 1];
      auto other = std::lower_bound(touched.begin(), touched.end(), std::max(begin, 1u) - 1);
      for (; other != touched.end() && *other + 1 < end; ++other) {
        if (is_source)
          gains_[band_.cell(own + 1, *other + 1)].source += met[*other];
        else if (band_.has(*other + 1, own + 1))
          gains_[band_.cell(*other + 1, own + 1)].target += met[*other];
      }
    }
    for (uint32_t segment : touched) met[segment] = 0;
    touched.clear();
  }
}

/// The logarithm of the odds of a bead that ends at (i, j).
double lattice::odds(uint32_t i, uint32_t j, shape s) const {
  if (s.source == 0 || s.target == 0) return 0;
  const uint32_t first_source = i - s.source, first_target = j - s.target;
  const double sum = lengths_.together(length_source_[i] - length_source_[first_source],
                                       length_target_[j] - length_target_[first_target]) +
                     stops_.together(stops_source_[i] - stops_source_[first_source],
                                     stops_target_[j] - stops_target_[first_target], s.source, s.target) -
                     apart_[j][s.target - 1u];
  double words = 0;
  std::array<float, 3> met_target{};
  for (uint32_t k = first_source; k < i; ++k) {
    float met = 0;
    for (uint32_t l = first_target; l < j; ++l) {
      if (!band_.has(k + 1, l + 1)) continue;
      const gain &g = gains_[band_.cell(k + 1, l + 1)];
      met += g.source;
      met_target[l - first_target] += g.target;
    }
    words += together(missed_source_[k], best_source_[k], met, s.target);
  }
  for (uint32_t l = first_target; l < j; ++l)
    words += together(missed_target_[l], best_target_[l], met_target[l - first_target], s.source);
  return sum + words / 2;  // each meeting was counted from both sides
}

std::vector<bead> lattice::likeliest() const {
  std::vector<double> value(band_.cells(), never);
  std::vector<uint8_t> came(band_.cells(), 0);
  value[band_.cell(0, 0)] = 0;
  for (uint32_t i = 0; i < band_.rows(); ++i)
    for (uint32_t j = band_.begin[i]; j < band_.end[i]; ++j) {
      const size_t here = band_.cell(i, j);
      for (uint8_t k = 0; k < shapes.size(); ++k) {
        const shape s = shapes[k];
        if (s.source > i || s.target > j || !band_.has(i - s.source, j - s.target)) continue;
        const double before = value[band_.cell(i - s.source, j - s.target)];
        if (before == never) continue;
        const double now = before + priors_[k] + odds(i, j, s);
        if (now > value[here]) value[here] = now, came[here] = k;
      }
    }
  return way_back(band_, came);
}

void lattice::score(std::vector<bead> &way, uint32_t reach) const {
  const uint32_t rows = evidence_.source.size(), columns = evidence_.target.size();
  const band near = band_around(course_of(way, rows), columns, reach);
  const double trust = sober(evidence_);
  std::vector<double> forward(near.cells(), never), backward(near.cells(), never);
  // Calls f(cell before, logarithm of the odds) for each bead that ends at (i, j).
  const auto each = [&](uint32_t i, uint32_t j, auto &&f) {
    for (uint8_t k = 0; k < shapes.size(); ++k) {
      const shape s = shapes[k];
      if (s.source > i || s.target > j || !near.has(i - s.source, j - s.target)) continue;
      f(near.cell(i - s.source, j - s.target), trust * (priors_[k] + odds(i, j, s)));
    }
  };
  forward[near.cell(0, 0)] = 0;
  for (uint32_t i = 0; i < near.rows(); ++i)
    for (uint32_t j = near.begin[i]; j < near.end[i]; ++j) {
      double &here = forward[near.cell(i, j)];
      each(i, j, [&](size_t from, double odds) { here = sum_of_logs(here, forward[from] + odds); });
    }
  backward[near.cell(rows, columns)] = 0;
  for (uint32_t i = near.rows(); i-- > 0;)
    for (uint32_t j = near.end[i]; j-- > near.begin[i];) {
      const double here = backward[near.cell(i, j)];
      each(i, j, [&](size_t from, double odds) { backward[from] = sum_of_logs(backward[from], here + odds); });
    }
  const double all = forward[near.cell(rows, columns)];
  for (bead &b : way) {
    const uint32_t i = b.source + b.source_count(), j = b.target + b.target_count();
    const double own = trust * (priors_[b.of] + odds(i, j, shapes[b.of]));
    b.score = std::exp(std::min(forward[near.cell(b.source, b.target)] + own + backward[near.cell(i, j)] - all, 0.0));
  }
}

std::vector<bead> lattice::solve(uint32_t reach) const {
  std::vector<bead> way = likeliest();
  score(way, reach);
  return way;
}

}  // namespace calque::align

// SPDX-License-Identifier: Apache-2.0
// Measures the aligner: two texts that are parallel line by line, one of them disturbed at random, and what of the
// truth is found again.
//
//   align_measure SOURCE TARGET SEED…      prints one line a seed: links, F1, what scores of 0.9 are worth, time
//
// Of the target's lines 10 % are joined with the next, 10 % cut in two, 5 % taken out. A link is right when the segments
// on both its sides are the truth's; a line that was taken out is a link with one side. `group N M` lines of a file
// TARGET.groups would be read for texts that are not parallel by themselves.
#include "plugins/align/aligner.hpp"
#include "plugins/common/characters.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <set>
#include <string>
#include <tuple>

namespace {

using calque::align::bead;
using calque::align::passage;

/// splitmix64: the same numbers everywhere.
class dice {
 public:
  explicit dice(uint64_t seed) : state_(seed) {}
  uint64_t next() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  uint64_t below(uint64_t n) { return next() % n; }

 private:
  uint64_t state_;
};

std::vector<std::string> lines_of(const std::string &path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error(path + " cannot be read");
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    const auto text = calque::plugins::trimmed(line);
    if (!text.empty()) lines.emplace_back(text);
  }
  return lines;
}

/// Where a line may be cut: behind a sign near its middle, else at the blank or the character next to it.
size_t cut_of(const std::string &line, dice &random) {
  std::vector<size_t> signs, places;
  for (size_t at = 0; at < line.size();) {
    const char32_t c = calque::plugins::next_character(line, at);
    if (at < line.size() / 4 || at > line.size() * 3 / 4) continue;
    if (c == ',' || c == ';' || c == ':' || c == 0xFF0C || c == 0x3001 || c == 0xFF1B || c == '.' || c == 0x3002) signs.push_back(at);
    if (c == ' ' || calque::plugins::is_unspaced(c)) places.push_back(at);
  }
  const auto &from = signs.empty() ? places : signs;
  return from.empty() ? 0 : from[random.below(from.size())];
}

/// Source lines [source, source + source_count) are target segments [target, target + target_count).
using truth_link = std::tuple<uint32_t, uint32_t, uint32_t, uint32_t>;

struct disturbed {
  std::vector<std::string> target;
  std::set<truth_link> truth;
};

disturbed disturb(const std::vector<std::string> &lines, uint64_t seed) {
  dice random(seed);
  disturbed out;
  for (uint32_t k = 0; k < lines.size();) {
    const auto at = static_cast<uint32_t>(out.target.size());
    const uint64_t die = random.below(100);
    const size_t cut = die >= 10 && die < 20 ? cut_of(lines[k], random) : 0;
    if (die < 10 && k + 1 < lines.size()) {
      const bool is_unspaced = calque::plugins::is_unspaced(calque::plugins::last_character(lines[k]));
      out.target.push_back(lines[k] + (is_unspaced ? "" : " ") + lines[k + 1]);
      out.truth.emplace(k, 2, at, 1);
      k += 2;
      continue;
    }
    if (cut != 0) {
      out.target.push_back(std::string(calque::plugins::trimmed(lines[k].substr(0, cut))));
      out.target.push_back(std::string(calque::plugins::trimmed(lines[k].substr(cut))));
      out.truth.emplace(k, 1, at, 2);
    } else if (die >= 20 && die < 25) {
      out.truth.emplace(k, 1, at, 0);
    } else {
      out.target.push_back(lines[k]);
      out.truth.emplace(k, 1, at, 1);
    }
    ++k;
  }
  return out;
}

std::vector<passage> passages(const std::vector<std::string> &lines) {
  std::vector<passage> made;
  for (const std::string &line : lines) made.push_back({line, "paragraph", 0, true, true, {}, {}});
  return made;
}

}  // namespace

int main(int count, char **words) try {
  if (count < 4) {
    std::fputs("usage: align_measure SOURCE TARGET SEED...\n", stderr);
    return 64;
  }
  const auto source = lines_of(words[1]), whole_target = lines_of(words[2]);
  size_t n = 0;
  size_t bin_right[10] = {}, bin_all[10] = {};
  for (int k = 3; k < count; ++k) {
    const auto seed = std::stoull(words[k]);
    const disturbed text = disturb(whole_target, seed);
    const auto begin = std::chrono::steady_clock::now();
    const auto way = calque::align::tie(passages(source), passages(text.target));
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    size_t right = 0, sure = 0, sure_right = 0;
    for (const bead &b : way) {
      const bool is_right = text.truth.count({b.source, b.source_count(), b.target, b.target_count()}) != 0;
      right += is_right;
      sure += b.score >= 0.9;
      sure_right += b.score >= 0.9 && is_right;
      const size_t bin = std::min<size_t>(static_cast<size_t>(b.score * 10), 9);
      ++bin_all[bin];
      bin_right[bin] += is_right;
      if (std::getenv("SHOW") && !is_right) std::printf("  %u+%u : %u+%u %.2f\n", b.source, b.source_count(), b.target, b.target_count(), b.score);
    }
    std::printf("seed=%llu source=%zu target=%zu links=%zu truth=%zu right=%zu f1=%.4f sure=%zu sure_right=%zu ms=%lld\n",
                static_cast<unsigned long long>(seed), source.size(), text.target.size(), way.size(), text.truth.size(), right,
                2.0 * static_cast<double>(right) / static_cast<double>(way.size() + text.truth.size()), sure, sure_right,
                static_cast<long long>(took.count()));
    ++n;
  }
  for (int k = 0; k < 10; ++k) std::printf("score %.1f: %zu of %zu right\n", k / 10.0, bin_right[k], bin_all[k]);
  return 0;
} catch (const std::exception &error) {
  std::fprintf(stderr, "align_measure: %s\n", error.what());
  return 1;
}

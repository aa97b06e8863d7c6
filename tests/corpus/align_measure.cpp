// SPDX-License-Identifier: Apache-2.0
// Measures the aligner: two texts that are parallel line by line, one of them disturbed at random, and what of the
// truth is found again.
//
//   align_measure SOURCE TARGET SEED…      one line of JSON a seed
//
// Of the target's lines 10 % are joined with the next one, 10 % cut in two, 5 % taken out. A link is right when the
// segments on both its sides are the truth's: of joined lines it has both, of a line that was cut both pieces, and a
// line that was taken out is a link with one side.
#include "plugins/align/aligner.hpp"
#include "plugins/common/characters.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>

namespace {

using calque::align::bead;
using calque::align::passage;
using calque::plugins::trimmed;

/// splitmix64: the same numbers everywhere.
class dice {
 public:
  explicit dice(uint64_t seed) : state_(seed) {}
  uint64_t below(uint64_t n) {
    uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (z ^ (z >> 31)) % n;
  }

 private:
  uint64_t state_;
};

std::vector<std::string> lines_of(const std::string &path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error(path + " cannot be read");
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    if (const auto text = trimmed(line); !text.empty()) lines.emplace_back(text);
  return lines;
}

/// Where a line may be cut: behind a sign in its middle half, or else between words; 0 where it is too short.
size_t cut_of(const std::string &line, dice &random) {
  constexpr std::u32string_view signs = U",;:.，、；：。";
  std::vector<size_t> behind_signs, between_words;
  for (size_t at = 0; at < line.size();) {
    const char32_t c = calque::plugins::next_character(line, at);
    if (at < line.size() / 4 || at > line.size() * 3 / 4) continue;
    if (signs.find(c) != signs.npos) behind_signs.push_back(at);
    if (c == ' ' || calque::plugins::is_unspaced(c)) between_words.push_back(at);
  }
  const auto &places = behind_signs.empty() ? between_words : behind_signs;
  return places.empty() ? 0 : places[random.below(places.size())];
}

/// First segment and number of segments of the source, then of the target.
using true_link = std::tuple<uint32_t, uint32_t, uint32_t, uint32_t>;

struct disturbed {
  std::vector<std::string> target;
  std::set<true_link> truth;
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
      out.target.emplace_back(trimmed(std::string_view(lines[k]).substr(0, cut)));
      out.target.emplace_back(trimmed(std::string_view(lines[k]).substr(cut)));
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

/// Each line is a block of its own.
std::vector<passage> passages(const std::vector<std::string> &lines) {
  std::vector<passage> made;
  for (const std::string &line : lines) {
    passage p;
    p.text = line;
    p.block = "paragraph";
    p.opens_block = p.closes_block = true;
    made.push_back(std::move(p));
  }
  return made;
}

void measure(const std::vector<std::string> &source, const std::vector<std::string> &whole_target, uint64_t seed) {
  const disturbed text = disturb(whole_target, seed);
  const auto begin = std::chrono::steady_clock::now();
  const std::vector<bead> way = calque::align::find_links(passages(source), passages(text.target));
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  size_t right = 0, sure = 0, sure_right = 0;
  for (const bead &b : way) {
    const bool is_right = text.truth.count({b.source, b.source_count(), b.target, b.target_count()}) != 0;
    right += is_right;
    sure += b.score >= 0.9;
    sure_right += b.score >= 0.9 && is_right;
  }
  std::printf(
      "{\"seed\": %llu, \"source\": %zu, \"target\": %zu, \"links\": %zu, \"truth\": %zu, \"right\": %zu, "
      "\"f1\": %.4f, \"sure\": %zu, \"sure_right\": %zu, \"ms\": %lld}\n",
      static_cast<unsigned long long>(seed), source.size(), text.target.size(), way.size(), text.truth.size(), right,
      2.0 * static_cast<double>(right) / static_cast<double>(way.size() + text.truth.size()), sure, sure_right,
      static_cast<long long>(took.count()));
}

}  // namespace

int main(int count, char **words) try {
  if (count < 4) {
    std::fputs("usage: align_measure SOURCE TARGET SEED...\n", stderr);
    return 64;
  }
  const auto source = lines_of(words[1]), target = lines_of(words[2]);
  for (int k = 3; k < count; ++k) measure(source, target, std::stoull(words[k]));
  return 0;
} catch (const std::exception &error) {
  std::fprintf(stderr, "align_measure: %s\n", error.what());
  return 1;
}

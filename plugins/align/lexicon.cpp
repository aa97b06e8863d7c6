// SPDX-License-Identifier: Apache-2.0
// Learns rates of meeting: of each class of anchors, and of pairs of words that stand in tied segments together.
#include "plugins/align/lexicon.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calque::align {
namespace {

constexpr size_t most_learned_tokens = 96;  // words of a tied pair, a side, that are counted together
constexpr size_t most_candidates = 8;       // words of the other text that one word expects
constexpr double fewest_meetings = 1.7;     // once is chance
constexpr double least_association = 0.3;   // Dice
constexpr double trust_of_words = 0.6;      // words of a sentence are not independent of each other

constexpr uint32_t neighbourhood = 4;  // segments on each side
constexpr double least_chance = 0.03;

/// How often an anchor of the class is there when the other one is; before a text was seen.
constexpr std::array<double, class_count> first_rates = {
    0.5 /*word*/,   0.85 /*number*/, 0.5 /*small_number*/, 0.85 /*latin*/, 0.6 /*name*/,
    0.35 /*sound*/, 0.7 /*sign*/,    0.7 /*place*/,        0.9 /*fact*/,   0.8 /*phrase*/};
constexpr double seen_before = 12;  // what the first rates count for, in tokens
constexpr double of_its_class = 4;  // what the rate of its class counts for, for one token

/// Tokens of a run of segments, each once.
std::vector<uint32_t> tokens_of(const side &text, uint32_t first, uint32_t count) {
  std::vector<uint32_t> all;
  for (uint32_t k = first; k < first + count; ++k) all.insert(all.end(), text.tokens[k].begin(), text.tokens[k].end());
  if (count > 1) {
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
  }
  return all;
}

struct pair_rate {
  uint32_t from = 0, to = 0;
  double rate = 0;
};

/// A pair of words, and the weight of the links in which both stand.
struct meeting {
  uint64_t pair;
  float weight;
};

class learner {
 public:
  learner(const evidence &e, const std::vector<tied> &links) : evidence_(e), links_(links) {}

  lexicon learn() {
    anchors();
    if (!links_.empty()) words();
    lexicon made;
    made.of_source = expected(evidence_.source, evidence_.target, of_source_);
    made.of_target = expected(evidence_.target, evidence_.source, of_target_);
    return made;
  }

 private:
  void anchors() {
    constexpr uint32_t none = UINT32_MAX;
    std::vector<uint32_t> twin(evidence_.source.vocabulary.size(), none);
    for (const anchor &a : evidence_.anchors) twin[a.source] = a.target;
    std::array<double, class_count> met{}, seen{};
    std::vector<double> token_met(twin.size()), token_seen(twin.size()), twin_seen(evidence_.target.vocabulary.size());
    for (const tied &link : links_) {
      const auto here = tokens_of(evidence_.source, link.source, link.source_count);
      const auto there = tokens_of(evidence_.target, link.target, link.target_count);
      for (uint32_t s : here) {
        if (twin[s] == none) continue;
        const auto c = static_cast<size_t>(evidence_.source.vocabulary[s].is);
        const bool is_met = std::binary_search(there.begin(), there.end(), twin[s]);
        token_seen[s] += link.weight;
        seen[c] += link.weight;
        if (!is_met) continue;
        token_met[s] += link.weight;
        met[c] += link.weight;
      }
      for (uint32_t t : there) twin_seen[t] += link.weight;
    }
    for (const anchor &a : evidence_.anchors) {
      const auto c = static_cast<size_t>(evidence_.source.vocabulary[a.source].is);
      const double usual = (met[c] + first_rates[c] * seen_before) / (seen[c] + seen_before);
      const auto rate = [&](double seen_here) {
        return (token_met[a.source] + usual * of_its_class) / (seen_here + of_its_class);
      };
      of_source_.push_back({a.source, a.target, rate(token_seen[a.source])});
      of_target_.push_back({a.target, a.source, rate(twin_seen[a.target])});
    }
  }

  std::vector<uint32_t> words_of(const side &text, uint32_t first, uint32_t count) const {
    std::vector<uint32_t> all = tokens_of(text, first, count);
    // Words that stand in one segment only have met nobody twice.
    std::erase_if(
        all, [&](uint32_t t) { return text.vocabulary[t].is != token_class::word || text.vocabulary[t].spread < 2; });
    if (all.size() > most_learned_tokens) {
      std::stable_sort(all.begin(), all.end(),
                       [&](uint32_t a, uint32_t b) { return text.vocabulary[a].spread < text.vocabulary[b].spread; });
      all.resize(most_learned_tokens);
    }
    return all;
  }

  void words() {
    std::vector<meeting> meetings;
    std::vector<double> seen_source(evidence_.source.vocabulary.size()),
        seen_target(evidence_.target.vocabulary.size());
    for (const tied &link : links_) {
      const auto here = words_of(evidence_.source, link.source, link.source_count);
      const auto there = words_of(evidence_.target, link.target, link.target_count);
      for (uint32_t s : here) seen_source[s] += link.weight;
      for (uint32_t t : there) seen_target[t] += link.weight;
      for (uint32_t s : here)
        for (uint32_t t : there) meetings.push_back({uint64_t{s} << 32 | t, static_cast<float>(link.weight)});
      if (meetings.size() > meetings_.size() * 2 + (size_t{1} << 22)) fold(meetings);
    }
    fold(meetings);
    for (const meeting &m : meetings_) {
      const auto s = static_cast<uint32_t>(m.pair >> 32), t = static_cast<uint32_t>(m.pair);
      if (m.weight < fewest_meetings) continue;
      const double dice = 2 * m.weight / (seen_source[s] + seen_target[t]);
      if (dice < least_association) continue;
      // Half a meeting is taken off: chance has a part in each.
      const auto rate = [&](double seen) { return (m.weight - 0.5) / (seen + 0.5); };
      of_source_.push_back({s, t, rate(seen_source[s])});
      of_target_.push_back({t, s, rate(seen_target[t])});
    }
  }

  /// Adds up the weights of equal pairs, so that a long text does not need all of them at once.
  void fold(std::vector<meeting> &more) {
    more.insert(more.end(), meetings_.begin(), meetings_.end());
    std::stable_sort(more.begin(), more.end(), [](const meeting &a, const meeting &b) { return a.pair < b.pair; });
    meetings_.clear();
    for (const meeting &m : more)
      if (!meetings_.empty() && meetings_.back().pair == m.pair)
        meetings_.back().weight += m.weight;
      else
        meetings_.push_back(m);
    more.clear();
  }

  /// How likely a segment has the token when it is the wrong one. The wrong ones that matter are close by, and what a
  /// text speaks of in one segment it speaks of in the next.
  static double chance_of(const side &text, uint32_t token) {
    const std::vector<uint32_t> &places = text.places[token];
    double close = 0;
    for (size_t k = 0, first = 0; k < places.size(); ++k) {
      while (places[first] + neighbourhood < places[k]) ++first;
      close += 2.0 * static_cast<double>(k - first);  // each pair of neighbours, seen from both
    }
    const auto count = static_cast<double>(places.size());
    const double bursts = places.empty() ? 0 : close / count / (2.0 * neighbourhood);
    return std::max({count / (text.size() + 1.0), bursts, least_chance});
  }

  static expectations expected(const side &here, const side &there, std::vector<pair_rate> &rates) {
    std::sort(rates.begin(), rates.end(), [](const pair_rate &a, const pair_rate &b) {
      if (a.from != b.from) return a.from < b.from;
      return a.rate != b.rate ? a.rate > b.rate : a.to < b.to;
    });
    expectations made;
    const size_t count = here.vocabulary.size();
    made.missed.assign(count, {});
    made.best.assign(count, {});
    size_t at = 0;
    for (uint32_t token = 0; token < count; ++token) {
      made.begin.push_back(static_cast<uint32_t>(made.entries.size()));
      const double trust = here.vocabulary[token].is == token_class::word ? trust_of_words : 1;
      for (size_t k = 0; at < rates.size() && rates[at].from == token; ++at, ++k) {
        if (k >= most_candidates) continue;
        const double chance = chance_of(there, rates[at].to);
        const double rate = std::min(rates[at].rate, 0.97);
        if (rate <= chance || chance >= 0.97) continue;
        const bool is_first = made.begin.back() == made.entries.size();
        for (size_t span = 0; span < widest_span; ++span) {
          const double by_chance = std::min(1 - std::pow(1 - chance, static_cast<double>(span + 1)), rate);
          const double missed = trust * std::log((1 - rate) / (1 - by_chance)),
                       met = trust * std::log(rate / by_chance) - missed;
          // The likeliest one says what it means that none is there.
          if (is_first) made.missed[token][span] = static_cast<float>(missed);
          made.best[token][span] = std::max(made.best[token][span], static_cast<float>(met));
          if (span == 0) made.entries.push_back({rates[at].to, static_cast<float>(met)});
        }
      }
    }
    made.begin.push_back(static_cast<uint32_t>(made.entries.size()));
    return made;
  }

  const evidence &evidence_;
  const std::vector<tied> &links_;
  std::vector<pair_rate> of_source_, of_target_;
  std::vector<meeting> meetings_;
};

}  // namespace

lexicon learn(const evidence &e, const std::vector<tied> &links) {
  return learner(e, links).learn();
}

}  // namespace calque::align

// SPDX-License-Identifier: Apache-2.0
// Look-ups against the plain definition: every pair of segments, by the textbook's table of distances.
#include "translation_memory/index.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace calque::tm {
namespace {

std::size_t table_distance(const std::vector<std::uint64_t> &a, const std::vector<std::uint64_t> &b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t k = 0; k <= b.size(); ++k) row[k] = k;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i;
    for (std::size_t k = 1; k <= b.size(); ++k) {
      const std::size_t above = row[k];
      row[k] = std::min({row[k - 1] + 1, above + 1, corner + (a[i - 1] == b[k - 1] ? 0 : 1)});
      corner = above;
    }
  }
  return row[b.size()];
}

unit made(const std::string &source, const std::string &target = "t", std::vector<context> contexts = {}) {
  unit u;
  u.source = {"en", source, {}, {}, {}};
  u.target = {"ru", target, {}, {}, {}};
  u.file = "talks.tmx";
  u.name = target;
  u.contexts = std::move(contexts);
  return u;
}

std::string shown(const std::vector<match> &all) {
  std::string out;
  for (const match &m : all)
    out +=
        std::string(name_of(m.kind)) + " " + std::to_string(m.score).substr(0, 5) + " " + std::string(m.target) + "\n";
  return out;
}

TEST(edit_pattern, agrees_with_the_table_of_distances) {
  std::mt19937 random(7);
  edit_pattern pattern;
  for (int round = 0; round < 3000; ++round) {
    const auto segment = [&](std::size_t longest) {
      std::vector<std::uint64_t> tokens(random() % longest);
      for (auto &t : tokens) t = random() % (round % 2 == 0 ? 3 : 40);
      return tokens;
    };
    const std::size_t longest = round % 10 == 0 ? 200 : 20;
    const auto a = segment(longest), b = segment(longest);
    if (a.empty() && b.empty()) continue;
    std::vector<std::uint32_t> numbers;
    for (const auto token : a) numbers.push_back(static_cast<std::uint32_t>(token + 1));
    pattern.set(numbers, 41);
    const auto number = [&](std::size_t k) {
      return std::find(a.begin(), a.end(), b[k]) == a.end() ? 0u : static_cast<std::uint32_t>(b[k] + 1);
    };
    const std::size_t whole = table_distance(a, b);
    EXPECT_EQ(pattern.distance(b.size(), 1000, number), whole);
    const std::size_t most = random() % (longest + 1);
    const std::size_t bounded = pattern.distance(b.size(), most, number);
    EXPECT_EQ(bounded <= most, whole <= most);
    if (whole <= most) {
      EXPECT_EQ(bounded, whole);
    }
  }
}

TEST(index, finds_all_that_brute_force_finds) {
  std::mt19937 random(11);
  tokenizer cut;
  std::size_t matches = 0;
  for (int round = 0; round < 40; ++round) {
    const double threshold = std::vector{0.5, 0.7, 0.75, 0.9, 1.0}[static_cast<std::size_t>(round) % 5];
    const int words = 4 + round * 3;
    const auto sentence = [&] {
      std::string text;
      for (std::size_t k = 1 + random() % 12; k > 0; --k) {
        // Some words are common, as in a language.
        const auto a = static_cast<int>(random() % static_cast<unsigned>(words)),
                   b = static_cast<int>(random() % static_cast<unsigned>(words));
        text += "w" + std::to_string(std::min(a, b)) + " ";
      }
      return text;
    };
    const auto changed = [&](std::string text) {
      for (std::size_t k = random() % 4; k > 0; --k) {
        const std::size_t at = text.find(' ', random() % text.size());
        if (at != std::string::npos) text.insert(at, random() % 2 == 0 ? " new" : " w1");
      }
      return text;
    };
    std::vector<std::string> sources;
    for (int k = 0; k < 150; ++k)
      sources.push_back(k > 10 && random() % 2 == 0 ? changed(sources[random() % sources.size()]) : sentence());
    index built(threshold);
    for (std::size_t k = 0; k < sources.size(); ++k) built.add(made(sources[k], std::to_string(k)), "a.memory");
    built.finish();
    index::searcher search(built);
    for (int asked = 0; asked < 40; ++asked) {
      const std::string text = random() % 3 == 0 ? sentence() : changed(sources[random() % sources.size()]);
      std::set<std::pair<std::string, int>> expected, found;
      const auto own = std::vector<std::uint64_t>(cut.cut(text));
      for (std::size_t k = 0; k < sources.size(); ++k) {
        const auto other = std::vector<std::uint64_t>(cut.cut(sources[k]));
        const double score = 1 - static_cast<double>(table_distance(own, other)) /
                                     static_cast<double>(std::max(own.size(), other.size()));
        if (score >= threshold - 1e-9) expected.emplace(std::to_string(k), static_cast<int>(score * 1000 + 0.5));
      }
      for (const match &m : search.find({text, {}, {}}, 1000))
        found.emplace(std::string(m.unit), static_cast<int>(m.score * 1000 + 0.5));
      EXPECT_EQ(found, expected) << text << " at " << threshold;
      matches += found.size();
    }
  }
  EXPECT_GT(matches, 2000u);
}

TEST(index, tells_kinds_of_matches_apart) {
  index built(0.7);
  built.add(made("He welcomed the guests.", "a"), "m");
  built.add(made("He welcomed the guests.", "b", {{"Good morning.", "They sat down."}}), "m");
  built.add(made("he welcomed the guests.", "c"), "m");
  built.add(made("He welcomed the new guests.", "d"), "m");
  built.add(made("Nothing of the kind.", "e"), "m");
  built.finish();
  index::searcher search(built);
  EXPECT_EQ(shown(search.find({"He  welcomed the guests.", "Good  morning.", "they sat down."}, 9)),
            "in_context 1.000 b\nexact 1.000 a\nfuzzy 1.000 c\nfuzzy 0.833 d\n");
  EXPECT_EQ(shown(search.find({"He welcomed the guests.", "", "They sat down."}, 2)), "exact 1.000 a\nexact 1.000 b\n");
  EXPECT_EQ(shown(search.find({"He welcomed the guests.", "Good morning.", ""}, 2)), "exact 1.000 a\nexact 1.000 b\n");
  EXPECT_EQ(shown(search.find({"...", "", ""}, 2)), "");
  EXPECT_EQ(shown(search.find({"", "", ""}, 2)), "");
}

TEST(index, gives_each_target_once_and_looks_both_ways) {
  index built(0.7);
  built.add(made("yes", "da"), "m");
  built.add(made("Yes", "da"), "m");
  built.add(made("yes", "da, da"), "m", true);
  built.finish();
  index::searcher search(built);
  EXPECT_EQ(shown(search.find({"yes", "", ""}, 9)), "exact 1.000 da\n");
  EXPECT_EQ(shown(search.find({"da, da", "", ""}, 9)), "exact 1.000 yes\n");
}

TEST(index, of_nothing_gives_nothing) {
  index built(0.7);
  built.finish();
  EXPECT_TRUE(index::searcher(built).find({"yes", "", ""}, 3).empty());
}

}  // namespace
}  // namespace calque::tm

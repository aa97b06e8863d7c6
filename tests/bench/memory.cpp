// SPDX-License-Identifier: Apache-2.0
// memory_bench MEMORY QUERIES [THRESHOLD]: how long the index of a memory takes, how many look-ups a second it gives,
// and how many of the matches that brute force finds. QUERIES has a segment a line. Prints a JSON object.
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "translation_memory/index.hpp"
#include "translation_memory/store.hpp"

namespace memories = calque::tm;

namespace {

/// Of this process on its core: what else the machine does is no part of it.
double seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// What brute force needs of a unit: its tokens.
struct plain_unit {
  std::vector<std::uint32_t> tokens;
  std::string target;
};

}  // namespace

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  const double threshold = argc > 3 ? std::atof(argv[3]) : 0.7;
  std::vector<std::string> queries;
  std::ifstream in(argv[2]);
  for (std::string line; std::getline(in, line);) queries.push_back(line);

  double begin = seconds();
  memories::index units(threshold);
  memories::store_reader(argv[1]).each({"en", "ru"}, [&](const memories::unit &u) { units.add(u, "bench"); });
  units.finish();
  const double building = seconds() - begin;
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const long memory = used.ru_maxrss / 1024;

  memories::index::searcher search(units);
  // Targets are unique in the bench, so that no match is folded into another.
  std::vector<std::set<std::string>> found(queries.size());
  std::size_t answered = 0;
  begin = seconds();
  for (const std::string &query : queries) answered += search.find({query, {}, {}}, 3).empty() ? 0 : 1;
  const double looking = seconds() - begin;
  double slowest = 0;
  for (std::size_t k = 0; k < queries.size(); ++k) {
    const double one = seconds();
    for (const memories::match &m : search.find({queries[k], {}, {}}, SIZE_MAX)) found[k].emplace(m.target);
    slowest = std::max(slowest, seconds() - one);
  }

  // Brute force: every unit, by the definition of the score alone. A distance is no less than the lengths differ.
  memories::tokenizer cut;
  std::unordered_map<std::uint64_t, std::uint32_t> numbers;
  const auto number_all = [&](const std::string &text) {
    std::vector<std::uint32_t> tokens;
    for (const std::uint64_t digest : cut.cut(text))
      tokens.push_back(numbers.try_emplace(digest, static_cast<std::uint32_t>(numbers.size())).first->second);
    return tokens;
  };
  std::vector<plain_unit> all;
  memories::store_reader(argv[1]).each({"en", "ru"}, [&](const memories::unit &u) {
    all.push_back({number_all(u.source.text), u.target.text});
  });
  std::size_t expected = 0, kept = 0;
  memories::edit_pattern pattern;
  begin = seconds();
  for (std::size_t q = 0; q < queries.size(); ++q) {
    const std::vector<std::uint32_t> own = number_all(queries[q]);
    std::vector<std::uint32_t> in_query(numbers.size()), pattern_tokens;
    std::uint32_t kinds = 1;
    for (const std::uint32_t token : own) {
      if (in_query[token] == 0) in_query[token] = kinds++;
      pattern_tokens.push_back(in_query[token]);
    }
    pattern.set(pattern_tokens, kinds);
    for (const plain_unit &u : all) {
      if (u.tokens.empty() || own.empty()) continue;
      const double longer = static_cast<double>(std::max(own.size(), u.tokens.size()));
      const auto most = static_cast<std::size_t>(std::floor((1 - threshold) * longer + 1e-9));
      if (std::max(own.size(), u.tokens.size()) - std::min(own.size(), u.tokens.size()) > most) continue;
      if (pattern.distance(u.tokens.size(), most, [&](std::size_t k) { return in_query[u.tokens[k]]; }) > most)
        continue;
      ++expected;
      kept += found[q].count(u.target);
    }
  }
  std::cout << "{\"units\": " << units.size() << ", \"building\": " << building << ", \"memory\": " << memory
            << ", \"queries\": " << queries.size() << ", \"answered\": " << answered << ", \"looking\": " << looking
            << ", \"slowest\": " << slowest << ", \"expected\": " << expected << ", \"kept\": " << kept
            << ", \"brute\": " << (seconds() - begin) << "}\n";
}

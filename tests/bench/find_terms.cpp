// SPDX-License-Identifier: Apache-2.0
// find_terms TERMS TEXT [endings]: what it takes to find the terms of a file, one a line, in a text: building,
// matching, and memory. Times are of the processor, so that a busy machine does not count.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "plugins/glossary/term_finder.hpp"

namespace {

std::string bytes_of(const char *path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

double seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

}  // namespace

int main(int count, char **words) {
  if (count < 3) return 2;
  using namespace calque::glossary;
  const std::string lines = bytes_of(words[1]), text = bytes_of(words[2]);
  std::vector<term_finder::wanted> terms;
  for (size_t at = 0; at < lines.size();) {
    const size_t end = std::min(lines.find('\n', at), lines.size());
    terms.push_back({std::string_view(lines).substr(at, end - at), {}});
    at = end + 1;
  }
  letters::all();
  const double began = seconds();
  const term_finder finder(terms, case_rule::smart, count > 3);
  const double built = seconds();
  found_terms found;
  uint64_t places = 0;
  // A paragraph at a time, as in a document.
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    finder.find(text, static_cast<uint32_t>(at), static_cast<uint32_t>(end), {}, found);
    places += found.places.size();
    found.clear();
    at = end + 1;
  }
  const double matched = seconds() - built;
  std::printf("%zu terms built in %.3f s, %.1f MB; %.1f MB of text in %.2f s, %llu places\n", terms.size(),
              built - began, static_cast<double>(finder.memory()) / 1e6, static_cast<double>(text.size()) / 1e6,
              matched, static_cast<unsigned long long>(places));
}

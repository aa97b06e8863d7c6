// SPDX-License-Identifier: Apache-2.0
// What differs between two texts, for people: a unified diff by line, or one line with the words that differ.
#include "host/pipeline/text_diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace calque::host {
namespace {

using pieces = std::vector<std::string_view>;

enum class step : uint8_t { keep, remove, add };

/// Above this many cells the table of the longest common subsequence is not worth its memory.
constexpr size_t most_cells = 4'000'000;

/// The steps that lead from a to b: the longest common subsequence, removals before additions.
std::vector<step> compare(const pieces &a, const pieces &b) {
  size_t head = 0, tail = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  while (tail < a.size() - head && tail < b.size() - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  const size_t n = a.size() - head - tail, m = b.size() - head - tail;
  std::vector<step> steps(head, step::keep);
  if ((n + 1) * (m + 1) > most_cells) {
    steps.insert(steps.end(), n, step::remove);
    steps.insert(steps.end(), m, step::add);
  } else {
    // length[i][j]: of the longest common subsequence of a[i…] and b[j…].
    std::vector<uint32_t> length((n + 1) * (m + 1), 0);
    const auto at = [&](size_t i, size_t j) -> uint32_t & { return length[i * (m + 1) + j]; };
    for (size_t i = n; i-- > 0;)
      for (size_t j = m; j-- > 0;)
        at(i, j) = a[head + i] == b[head + j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
    size_t i = 0, j = 0;
    while (i < n || j < m) {
      if (i < n && j < m && a[head + i] == b[head + j]) {
        steps.push_back(step::keep);
        ++i, ++j;
      } else if (i < n && (j == m || at(i + 1, j) >= at(i, j + 1))) {
        steps.push_back(step::remove);
        ++i;
      } else {
        steps.push_back(step::add);
        ++j;
      }
    }
  }
  steps.insert(steps.end(), tail, step::keep);
  return steps;
}

pieces lines_of(std::string_view text) {
  pieces lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

/// Runs of letters (any byte above ASCII is one), runs of blanks, and single signs.
pieces words_of(std::string_view text) {
  const auto type = [](char c) {
    const auto u = static_cast<unsigned char>(c);
    if (u >= 0x80 || (u >= '0' && u <= '9') || ((u | 32) >= 'a' && (u | 32) <= 'z')) return 0;
    return c == ' ' || c == '\n' || c == '\t' ? 1 : 2;
  };
  pieces words;
  while (!text.empty()) {
    size_t end = 1;
    if (type(text[0]) != 2)
      while (end < text.size() && type(text[end]) == type(text[0])) ++end;
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

}  // namespace

std::string unified_diff(std::string_view expected, std::string_view found, std::string_view expected_name,
                         std::string_view found_name) {
  constexpr size_t around = 3;
  if (expected == found) return {};
  const pieces a = lines_of(expected), b = lines_of(found);
  const std::vector<step> steps = compare(a, b);
  std::string out = fmt::format("--- {}\n+++ {}\n", expected_name, found_name);
  size_t i = 0, j = 0; // lines of a and b before steps[k]
  for (size_t k = 0; k < steps.size();) {
    if (steps[k] == step::keep) {
      ++i, ++j, ++k;
      continue;
    }
    // The hunk reaches until more than twice `around` kept lines follow.
    size_t end = k, kept = 0;
    for (size_t l = k; l < steps.size() && kept <= 2 * around; ++l) {
      kept = steps[l] == step::keep ? kept + 1 : 0;
      if (kept == 0) end = l + 1;
    }
    const size_t before = std::min({around, i, j});
    const size_t last = std::min(steps.size(), end + around);
    size_t from_a = i - before, from_b = j - before, count_a = before, count_b = before;
    std::string body;
    const auto put = [&](char sign, std::string_view line) {
      body += sign;
      body += line;
      if (line.empty() || line.back() != '\n') body += "\n\\ no end of line\n";
    };
    for (size_t l = from_a; l < i; ++l) put(' ', a[l]);
    for (; k < last; ++k) {
      if (steps[k] == step::add) {
        put('+', b[j++]);
        ++count_b;
      } else {
        put(steps[k] == step::keep ? ' ' : '-', a[i++]);
        ++count_a;
        if (steps[k] == step::keep) ++j, ++count_b;
      }
    }
    out += fmt::format("@@ -{},{} +{},{} @@\n{}", from_a + (count_a > 0), count_a, from_b + (count_b > 0), count_b, body);
  }
  return out;
}

std::string word_diff(std::string_view expected, std::string_view found) {
  const pieces a = words_of(expected), b = words_of(found);
  std::string out, removed, added;
  const auto flush = [&] {
    if (!removed.empty()) out += "[-" + removed + "-]";
    if (!added.empty()) out += "{+" + added + "+}";
    removed.clear();
    added.clear();
  };
  size_t i = 0, j = 0;
  for (const step s : compare(a, b)) {
    if (s == step::remove) {
      removed += a[i++];
    } else if (s == step::add) {
      added += b[j++];
    } else {
      flush();
      out += a[i++];
      ++j;
    }
  }
  flush();
  return out;
}

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Edit distance and the choice of a name to suggest.
#include "host/pipeline/suggest.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace calque::host {
namespace {

// Names are ASCII by rule; whatever else was typed is compared byte by byte.
std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '-' || c == '_' || c == '.' || c == ' ') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

bool is_part_of(std::string_view part, std::string_view name) {
  for (std::size_t at = name.find(part); at != std::string_view::npos; at = name.find(part, at + 1)) {
    const auto is_edge = [&](std::size_t i) {
      return std::string_view("._-/").find(name[i]) != std::string_view::npos;
    };
    const std::size_t end = at + part.size();
    if ((at == 0 || is_edge(at - 1)) && (end == name.size() || is_edge(end))) return true;
  }
  return false;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t most) {
  const std::size_t gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (gap > most) return most + 1;
  std::vector<std::size_t> before, last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    std::size_t least = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
      least = std::min(least, row[j]);
    }
    if (least > most) return most + 1;
    before = last;
    std::swap(last, row);
  }
  return std::min(last[b.size()], most + 1);
}

std::string suggest(std::string_view given, std::span<const std::string> names) {
  // Nobody mistypes a name this long, and comparing it would take long.
  if (given.empty() || given.size() > 200) return {};
  const std::string plain = folded(given);
  std::optional<std::pair<int, std::string>> best;  // by how far it is, then by name
  for (const std::string &name : names) {
    const std::size_t most = std::min(given.size(), name.size()) <= 4 ? 1 : 2;
    const std::size_t distance = edit_distance(given, name, most);
    const bool is_long = std::min(given.size(), name.size()) >= 3;
    const bool is_part = is_long && (is_part_of(given, name) || is_part_of(name, given) || name.starts_with(given));
    int far = 5;
    if (distance <= most) far = distance <= 1 ? 2 : 4;
    if (is_part) far = std::min(far, 3);
    if (plain == folded(name)) far = 1;
    if (far < 5 && (!best || std::pair(far, name) < *best)) best = {far, name};
  }
  return best ? best->second : std::string{};
}

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Look-behinds of any length, (?<=a+), made to reach back a bounded way, as ICU wants them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calque::segments {

/// How often a repetition within a look-behind may repeat where its author set no bound.
constexpr int look_behind_repeats = 100;

/// The expression with *, + and {n,} within look-behinds as {0,100}, {1,100} and {n,100}; all else as it is.
inline std::string with_bounded_look_behinds(std::string_view pattern) {
  const std::string most = std::to_string(look_behind_repeats);
  std::string out;
  std::vector<bool> groups;  // whether each open one is, or lies in, a look-behind
  size_t classes = 0;
  bool is_repeated = false;  // whether a repetition stands before, so that a + makes it possessive
  for (size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    const bool was_repeated = std::exchange(is_repeated, false);
    if (c == '\\') {
      size_t end = at + 2;
      if (pattern.substr(at, 2) == "\\Q") {
        end = pattern.find("\\E", at);
        end = end == std::string_view::npos ? pattern.size() : end + 2;
      }
      out += pattern.substr(at, end - at);
      at = end;
      continue;
    }
    const bool is_behind = classes == 0 && !groups.empty() && groups.back();
    ++at;
    if (c == '[') {
      ++classes;
    } else if (c == ']' && classes > 0) {
      --classes;
    } else if (c == '(' && classes == 0) {
      groups.push_back(is_behind || pattern.substr(at, 3) == "?<=" || pattern.substr(at, 3) == "?<!");
    } else if (c == ')' && classes == 0) {
      if (!groups.empty()) groups.pop_back();
    } else if (is_behind && !was_repeated && (c == '*' || c == '+')) {
      out += std::string(c == '*' ? "{0," : "{1,") + most + "}";
      is_repeated = true;
      continue;
    } else if (is_behind && c == '{') {
      const size_t close = pattern.find('}', at);
      if (close != std::string_view::npos && pattern[close - 1] == ',') {
        out += "{" + std::string(pattern.substr(at, close - at)) + most + "}";
        at = close + 1;
        is_repeated = true;
        continue;
      }
    } else if (is_behind && !was_repeated) {
      is_repeated = c == '?' || c == '}';
    }
    out += c;
  }
  return out;
}

}  // namespace calque::segments

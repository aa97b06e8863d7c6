// SPDX-License-Identifier: Apache-2.0
// The bracket scan: one stack for all shapes.
#include "plugins/editorial/brackets.hpp"

#include <algorithm>
#include <array>

namespace calque::editorial {
namespace {

struct shape {
  std::string_view open, close;
};
constexpr std::array<shape, 4> shapes = {{{"[", "]"}, {"［", "］"}, {"〔", "〕"}, {"【", "】"}}};

}  // namespace

bracket_scan find_brackets(std::string_view text, bool wide) {
  struct opened {
    uint32_t at, shape;
  };
  bracket_scan scan;
  std::vector<opened> open;
  std::array<uint32_t, shapes.size()> open_of{};  // how many of each shape are on the stack
  const size_t known = wide ? shapes.size() : 1;
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    // All wide signs begin with one of two bytes, so most of a text is passed over here.
    if (c != '[' && c != ']' && c != '\xE3' && c != '\xEF') {
      ++at;
      continue;
    }
    size_t step = 1;
    const std::string_view rest = text.substr(at);
    for (uint32_t s = 0; s < known; ++s) {
      if (rest.starts_with(shapes[s].open)) {
        open.push_back({static_cast<uint32_t>(at), s});
        ++open_of[s];
        step = shapes[s].open.size();
        break;
      }
      if (!rest.starts_with(shapes[s].close)) continue;
      step = shapes[s].close.size();
      if (open_of[s] == 0) {
        scan.never_opened.push_back(static_cast<uint32_t>(at));
        break;
      }
      while (open.back().shape != s) {
        scan.unclosed.push_back(open.back().at);
        --open_of[open.back().shape];
        open.pop_back();
      }
      const uint32_t begin = open.back().at;
      open.pop_back();
      --open_of[s];
      scan.pairs.push_back({begin, begin + static_cast<uint32_t>(shapes[s].open.size()), static_cast<uint32_t>(at),
                            static_cast<uint32_t>(at + step)});
      break;
    }
    at += step;
  }
  for (const opened &o : open) scan.unclosed.push_back(o.at);
  std::sort(scan.unclosed.begin(), scan.unclosed.end());
  std::sort(scan.pairs.begin(), scan.pairs.end(), [](const bracket &a, const bracket &b) { return a.begin < b.begin; });
  return scan;
}

}  // namespace calque::editorial

// SPDX-License-Identifier: Apache-2.0
// Counts diagnostics by code and keeps the first of each.
#include "host/document/diagnostic.hpp"

#include <algorithm>

namespace calque::host {

void diagnostics::add(diagnostic d) {
  if (d.level == severity::error) ++errors_;
  auto count = std::find_if(counts_.begin(), counts_.end(), [&](const auto &c) { return c.first == d.code; });
  if (count == counts_.end()) count = counts_.insert(counts_.end(), {d.code, 0});
  if (++count->second <= kept_a_code) all_.push_back(std::move(d));
}

std::vector<std::pair<std::string, uint32_t>> diagnostics::folded() const {
  std::vector<std::pair<std::string, uint32_t>> found;
  for (const auto &count : counts_)
    if (count.second > kept_a_code) found.push_back(count);
  return found;
}

}  // namespace calque::host

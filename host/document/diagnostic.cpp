// SPDX-License-Identifier: Apache-2.0
// Counts diagnostics by code and keeps the first of each, and the first error.
#include "host/document/diagnostic.hpp"

#include <algorithm>

namespace calque::host {

void diagnostics::add(diagnostic d) {
  if (d.level == severity::error) ++errors_;
  auto count = std::find_if(counts_.begin(), counts_.end(), [&](const auto &c) { return c.first == d.code; });
  if (count == counts_.end()) count = counts_.insert(counts_.end(), {d.code, 0});
  // Members may have warned with the code that the run then ends with; why it ended is never folded away.
  const bool is_first_error =
      d.level == severity::error && std::none_of(all_.begin(), all_.end(), [&](const diagnostic &other) {
        return other.level == severity::error && other.code == d.code;
      });
  if (++count->second <= kept_a_code || is_first_error) all_.push_back(std::move(d));
}

std::vector<std::pair<std::string, uint32_t>> diagnostics::folded() const {
  std::vector<std::pair<std::string, uint32_t>> found;
  for (const auto &count : counts_)
    if (count.second > kept_a_code) found.push_back(count);
  return found;
}

}  // namespace calque::host

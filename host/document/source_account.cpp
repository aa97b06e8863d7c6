// SPDX-License-Identifier: Apache-2.0
// Claims mostly come in order; they are sorted once, when the source is added up.
#include "host/document/source_account.hpp"

#include <algorithm>

namespace calque::host {

void source_account::claim(uint64_t begin, uint64_t end) {
  if (begin == end) return;
  if (!claims_.empty() && claims_.back().end == begin)
    claims_.back().end = end;
  else
    claims_.push_back({begin, end});
}

std::optional<source_account::fault> source_account::find_fault(uint64_t size) {
  std::sort(claims_.begin(), claims_.end(), [](const stretch &a, const stretch &b) { return a.begin < b.begin; });
  uint64_t at = 0;
  for (const stretch &claim : claims_) {
    if (claim.begin > at) return fault{at, claim.begin, false};
    if (claim.begin < at) return fault{claim.begin, std::min(at, claim.end), true};
    at = claim.end;
  }
  if (at < size) return fault{at, size, false};
  return std::nullopt;
}

}  // namespace calque::host

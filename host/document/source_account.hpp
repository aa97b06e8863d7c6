// SPDX-License-Identifier: Apache-2.0
// Which bytes of a source came into the document or were skipped, and whether that adds up to the source.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/document/diagnostic.hpp"

namespace calque::host {

class source_account {
 public:
  /// Bytes [begin, end) of source 0 became text, or were skipped.
  void claim(uint64_t begin, uint64_t end);
  /// The first stretch that nobody claimed, or that two claimed; nothing when the claims tile [0, size).
  struct fault {
    uint64_t begin, end;
    bool twice;
  };
  std::optional<fault> find_fault(uint64_t size);

 private:
  struct stretch {
    uint64_t begin, end;
  };
  std::vector<stretch> claims_;
};

}  // namespace calque::host

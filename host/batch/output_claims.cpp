// SPDX-License-Identifier: Apache-2.0
// Which input an output belongs to.
#include "host/batch/output_claims.hpp"

#include <xxhash.h>

#include <string>

namespace calque::host {
namespace {

std::uint64_t key_of(std::string_view path) {
  std::string folded(path);
  for (char &c : folded)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return XXH3_64bits(folded.data(), folded.size());
}

}  // namespace

std::optional<std::uint32_t> output_claims::holder(std::string_view path, std::uint32_t input) const {
  const auto found = holders_.find(key_of(path));
  if (found == holders_.end() || found->second == input) return std::nullopt;
  return found->second;
}

void output_claims::claim(std::string_view path, std::uint32_t input) {
  holders_[key_of(path)] = input;
}

void output_claims::release(std::string_view path, std::uint32_t input) {
  const auto found = holders_.find(key_of(path));
  if (found != holders_.end() && found->second == input) holders_.erase(found);
}

}  // namespace calque::host

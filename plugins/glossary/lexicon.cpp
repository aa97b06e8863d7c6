// SPDX-License-Identifier: Apache-2.0
// Adds words to the table, and doubles it in time.
#include "plugins/glossary/lexicon.hpp"

#include <stdexcept>
#include <utility>

namespace calque::glossary {

uint32_t lexicon::add(std::string_view word) {
  if (const uint32_t known = find(word); known != 0) return known;
  if (pool_.size() + word.size() > UINT32_MAX)
    throw std::length_error("the words of the termbases have more than 4 GiB");
  if (ends_.size() * 2 > slots_.size()) grow();
  const auto number = static_cast<uint32_t>(ends_.size());
  pool_ += word;
  ends_.push_back(static_cast<uint32_t>(pool_.size()));
  const uint64_t h = hash(word);
  size_t k = h & (slots_.size() - 1);
  while (slots_[k].number != 0) k = (k + 1) & (slots_.size() - 1);
  slots_[k] = {number, static_cast<uint32_t>(h >> 32)};
  return number;
}

void lexicon::grow() {
  std::vector<slot> larger(slots_.size() * 2);
  for (uint32_t number = 1; number < ends_.size(); ++number) {
    const uint64_t h = hash(word(number));
    size_t k = h & (larger.size() - 1);
    while (larger[k].number != 0) k = (k + 1) & (larger.size() - 1);
    larger[k] = {number, static_cast<uint32_t>(h >> 32)};
  }
  slots_ = std::move(larger);
}

}  // namespace calque::glossary

// SPDX-License-Identifier: Apache-2.0
// A small seeded source of choices that gives the same sequence on every machine and standard library.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace calque::records {

class random {
 public:
  /// The seed is mixed first: with the step of `next` alone, seed n + 1 would be seed n shifted by one choice.
  explicit random(uint64_t seed) : state_(mixed(seed * 0xd1342543de82ef95u + 0x2545f4914f6cdd1du)) {}

  uint64_t next() {
    state_ += 0x9e3779b97f4a7c15u;
    return mixed(state_);
  }
  /// A number from `low` to `high`, both included.
  int between(int low, int high) { return low + static_cast<int>(next() % static_cast<uint64_t>(high - low + 1)); }
  /// True in `percent` of a hundred cases.
  bool chance(int percent) { return between(1, 100) <= percent; }
  template <class List>
  const auto &pick(const List &list) {
    return list[static_cast<size_t>(next() % std::size(list))];
  }
  template <class T>
  void shuffle(std::vector<T> &list) {
    for (size_t k = list.size(); k > 1; --k) std::swap(list[k - 1], list[static_cast<size_t>(next() % k)]);
  }

 private:
  static uint64_t mixed(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  uint64_t state_;
};

}  // namespace calque::records

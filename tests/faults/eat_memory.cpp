// SPDX-License-Identifier: Apache-2.0
// Faults of memory: leaks, growth without end, and stacks that are too big or too deep.
#include "fault.hpp"

#include <alloca.h>
#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <new>
#include <vector>

namespace faults {
namespace {

constexpr uint64_t mebibyte = 1 << 20;
// Where no limit holds, growth stops here, so that a missing limit costs a failed test and not the machine.
constexpr uint64_t most_mebibytes = 3072;

void leak(uint64_t mebibytes) {
  static std::vector<char *> kept;
  for (uint64_t k = 0; k < mebibytes; ++k) {
    auto *block = static_cast<char *>(std::malloc(mebibyte));
    if (block == nullptr) throw std::bad_alloc();
    std::memset(block, 1, mebibyte);
    kept.push_back(block);
  }
}

void grow_vector(uint64_t mebibytes) {
  std::vector<char> grown;
  for (uint64_t k = 0; k < mebibytes; ++k) grown.resize(grown.size() + mebibyte, 1);
}

/// Uses what malloc gives without a look at it.
void ignore_null(uint64_t mebibytes) {
  for (uint64_t k = 0; k < mebibytes; ++k) {
    char *volatile block = static_cast<char *>(std::malloc(mebibyte));
    for (uint64_t at = 0; at < mebibyte; at += 4096) const_cast<volatile char *>(block)[at] = 1;
  }
}

void map_pages(uint64_t mebibytes) {
  constexpr uint64_t step = 16 * mebibyte;
  for (uint64_t k = 0; k < mebibytes; k += 16) {
    void *block = mmap(nullptr, step, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) throw std::bad_alloc();
    std::memset(block, 1, step);
  }
}

[[gnu::noinline]] void use_stack(uint64_t bytes) {
  auto *block = static_cast<volatile char *>(alloca(bytes));
  // From the top down, page by page: a jump over the guard page could hit another mapping.
  for (uint64_t at = bytes; at >= 4096; at -= 4096) block[at - 1] = 1;
}

[[gnu::noinline]] uint64_t recurse(uint64_t depth) {
  volatile char frame[1024];
  frame[depth % sizeof(frame)] = 1;
  if (depth == UINT64_MAX) return 0;
  return recurse(depth + 1) + static_cast<uint64_t>(frame[0]);
}

}  // namespace

outcome eat_memory(const fault &f) {
  if (f.name == "leak") {
    leak(f.number(5));
    return {};
  }
  if (f.name == "oom-vector")
    grow_vector(f.number(most_mebibytes));
  else if (f.name == "oom-null")
    ignore_null(f.number(most_mebibytes));
  else if (f.name == "oom-mmap")
    map_pages(f.number(most_mebibytes));
  else if (f.name == "big-stack")
    use_stack(f.number(1024) * mebibyte);
  else if (f.name == "recursion")
    recurse(0);
  else
    return {outcome::is::unknown, {}};
  return {outcome::is::survived, f.name};
}

}  // namespace faults

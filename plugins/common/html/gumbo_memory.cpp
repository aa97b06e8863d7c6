// SPDX-License-Identifier: Apache-2.0
// Blocks begin at multiples of their size, so a piece's address tells its block.
#include "plugins/common/html/gumbo_memory.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <new>

namespace calque::plugins::html_reading {

namespace {

/// The first multiple of a block's size.
char *aligned(void *begin, size_t block_size) {
  return reinterpret_cast<char *>((reinterpret_cast<uintptr_t>(begin) + block_size - 1) & ~(block_size - 1));
}

}  // namespace

gumbo_memory::~gumbo_memory() {
  for (list_of_blocks &open : open_) open.clear();
  while (!apart_.empty()) give_back(&apart_.front() + 1);
  for (void *chunk : chunks_) ::munmap(chunk, chunk_size);
  std::free(first_);
}

size_t gumbo_memory::class_of(size_t size) {
  if (size <= small) return (size + 7) / 8;
  size_t found = small / 8;
  for (size_t step = small; step < size; step *= 2) ++found;
  return found;
}

size_t gumbo_memory::step_of(size_t size_class) {
  return size_class <= small / 8 ? size_class * 8 : small << (size_class - small / 8);
}

/// NULL at the limit.
void *gumbo_memory::map(size_t size) {
  if (size > most_ - taken_) return nullptr;
  void *const begin = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (begin == MAP_FAILED) return nullptr;
  taken_ += size;
  return begin;
}

gumbo_memory::block *gumbo_memory::make(size_t step) {
  if (unused_.empty()) {
    void *chunk = nullptr;
    if (first_ == nullptr && chunk_size <= most_) {
      // Of the heap, which keeps it for the next page: fresh pages of the system's took a tenth of a small page's time.
      chunk = first_ = std::malloc(chunk_size);
      taken_ += chunk_size;
    } else {
      chunk = map(chunk_size);
      if (chunk != nullptr) chunks_.push_back(chunk);
    }
    if (chunk == nullptr) return nullptr;
    char *const first = aligned(chunk, block_size);
    for (size_t at = chunk_size - block_size; at > 0; at -= block_size) unused_.push_back(first + at - block_size);
  }
  auto *const made = new (unused_.back()) block;
  unused_.pop_back();
  made->step = step;
  made->next = reinterpret_cast<char *>(made + 1);
  return made;
}

/// Pages of it that are not used are never touched.
void *gumbo_memory::take_apart(size_t size) {
  if (size > most_) return nullptr;
  const size_t whole = size + sizeof(block) + block_size;
  void *const chunk = map(whole);
  if (chunk == nullptr) return nullptr;
  auto *const made = new (aligned(chunk, block_size)) block;
  made->chunk = chunk;
  made->chunk_size = whole;
  apart_.push_back(*made);
  return made + 1;
}

void *gumbo_memory::take(size_t size) {
  if (size > largest) return take_apart(size);
  const size_t size_class = class_of(size == 0 ? 1 : size);
  list_of_blocks &open = open_[size_class];
  if (open.empty()) {
    block *const made = make(step_of(size_class));
    if (made == nullptr) return nullptr;
    open.push_back(*made);
  }
  block &from = open.back();
  const char *const end = reinterpret_cast<char *>(&from) + block_size;
  void *piece = from.free;
  if (piece != nullptr) {
    from.free = *static_cast<void **>(piece);
  } else {
    piece = from.next;
    from.next += from.step;
  }
  ++from.live;
  if (from.free == nullptr && from.next + from.step > end) open.pop_back();
  return piece;
}

void gumbo_memory::give_back(void *piece) {
  if (piece == nullptr) return;
  auto *const from = reinterpret_cast<block *>(reinterpret_cast<uintptr_t>(piece) & ~(block_size - 1));
  if (from->step == 0) {
    taken_ -= from->chunk_size;
    void *const chunk = from->chunk;
    const size_t size = from->chunk_size;
    from->~block();
    ::munmap(chunk, size);
    return;
  }
  if (--from->live > 0) {
    *static_cast<void **>(piece) = from->free;
    from->free = piece;
    if (!from->is_linked()) open_[class_of(from->step)].push_back(*from);
    return;
  }
  from->~block();
  unused_.push_back(from);
  // A small page needs no more than the first chunk, and is done sooner than the system would take it.
  if (!chunks_.empty()) ::madvise(from, block_size, MADV_DONTNEED);
}

}  // namespace calque::plugins::html_reading

// SPDX-License-Identifier: Apache-2.0
// Memory for gumbo: bounded, given back to the system as its pieces are, and freed as a whole.
#pragma once

#include <boost/intrusive/list.hpp>

#include <csetjmp>
#include <cstddef>
#include <vector>

namespace calque::plugins::html_reading {

/// Pieces of one size stand together in blocks, without a header each: gumbo makes a million of them for ten megabytes,
/// half of them of at most eight bytes.
class gumbo_memory {
 public:
  explicit gumbo_memory(size_t most) : most_(most) {}
  gumbo_memory(const gumbo_memory &) = delete;
  gumbo_memory &operator=(const gumbo_memory &) = delete;
  ~gumbo_memory();

  /// Aligned for pointers. NULL when the limit is reached.
  void *take(size_t size);
  void give_back(void *piece);

  /// Where to go on when there is no more; gumbo itself has no way to say so.
  std::jmp_buf when_full;

 private:
  struct block : boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
    size_t step = 0;       // the size of a piece; 0: the chunk is one piece
    size_t live = 0;       // pieces in use
    void *free = nullptr;  // the first piece that was given back, and leads to the next
    char *next = nullptr;  // the first that was never used
    void *chunk = nullptr; // of one piece: what the system gave, and how much
    size_t chunk_size = 0;
  };
  using list_of_blocks = boost::intrusive::list<block, boost::intrusive::constant_time_size<false>>;

  static constexpr size_t block_size = size_t{1} << 16, chunk_size = (size_t{1} << 20) + block_size, small = 512, largest = size_t{1} << 14,
                          classes = small / 8 + 1 + 5;
  static size_t class_of(size_t size);
  static size_t step_of(size_t size_class);
  block *make(size_t step);
  void *take_apart(size_t size);
  void *map(size_t size);

  size_t most_, taken_ = 0;
  void *first_ = nullptr;          // a chunk, too
  std::vector<void *> chunks_;
  std::vector<void *> unused_;     // places for blocks
  list_of_blocks open_[classes];   // the blocks of each size that have room
  list_of_blocks apart_;           // pieces that are chunks of their own
};

}  // namespace calque::plugins::html_reading

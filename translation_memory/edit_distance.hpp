// SPDX-License-Identifier: Apache-2.0
// How many tokens must be put in, taken out or replaced to make one segment of another: Myers' columns of bits, as
// Hyyrö wrote them for patterns of several machine words.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace calque::tm {

/// A segment that others are compared with. Its tokens are numbers below `kinds`, 0 is a token that it does not hold.
class edit_pattern {
 public:
  /// `tokens`: numbers from 1 up to `kinds` - 1.
  void set(std::span<const std::uint32_t> tokens, std::uint32_t kinds) {
    length_ = tokens.size();
    blocks_ = (length_ + 63) / 64;
    equal_.assign(blocks_ * kinds, 0);
    for (std::size_t k = 0; k < length_; ++k) equal_[tokens[k] * blocks_ + k / 64] |= std::uint64_t{1} << (k % 64);
    columns_.resize(blocks_);
  }

  /// The distance to a segment of `length` tokens, the k-th of which is the pattern's number `number(k)`; or anything
  /// greater than `most` when it is greater. `length` + the pattern's is not 0.
  template <class Number>
  std::size_t distance(std::size_t length, std::size_t most, Number &&number) {
    if (length_ == 0) return length;
    for (column &c : columns_) c = {};
    std::size_t score = length_;
    const std::uint64_t last_bit = std::uint64_t{1} << ((length_ - 1) % 64);
    for (std::size_t k = 0; k < length; ++k) {
      const std::uint64_t *equal = &equal_[number(k) * blocks_];
      int carry = 1;  // row 0 grows by one a column
      for (std::size_t b = 0; b < blocks_; ++b)
        carry = columns_[b].step(equal[b], carry, b + 1 == blocks_ ? last_bit : std::uint64_t{1} << 63);
      score = carry > 0 ? score + 1 : carry < 0 ? score - 1 : score;
      // Each column that is left can take one off.
      if (score > most + (length - k - 1)) return most + 1;
    }
    return score;
  }

 private:
  /// Which cells of a column are one more, or one less, than the cell above them.
  struct column {
    std::uint64_t more = ~std::uint64_t{0}, less = 0;

    int step(std::uint64_t equal, int carry, std::uint64_t last) {
      const std::uint64_t vertical = equal | less;
      if (carry < 0) equal |= 1;
      const std::uint64_t horizontal = (((equal & more) + more) ^ more) | equal;
      std::uint64_t grows = less | ~(horizontal | more), shrinks = more & horizontal;
      const int out = (grows & last) != 0 ? 1 : (shrinks & last) != 0 ? -1 : 0;
      grows = (grows << 1) | (carry > 0 ? 1 : 0);
      shrinks = (shrinks << 1) | (carry < 0 ? 1 : 0);
      more = shrinks | ~(vertical | grows);
      less = grows & vertical;
      return out;
    }
  };

  std::size_t length_ = 0, blocks_ = 0;
  std::vector<std::uint64_t> equal_;
  std::vector<column> columns_;
};

}  // namespace calque::tm

// SPDX-License-Identifier: Apache-2.0
// Finds the units of a memory that a segment is like. Built once, in memory; then it is read alone.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "translation_memory/edit_distance.hpp"
#include "translation_memory/tokens.hpp"
#include "translation_memory/unit.hpp"

namespace calque::tm {

enum class match_kind : std::uint8_t { in_context, exact, fuzzy };
std::string_view name_of(match_kind);

struct match {
  match_kind kind = match_kind::fuzzy;
  double score = 0;
  std::string_view source, target, memory, file, unit;  // views of the index
};

/// A segment and those beside it; empty: there is none.
struct question {
  std::string_view segment, before, after;
};

/// The score of two segments is 1 - d / n: d tokens must be put in, taken out or replaced to make one of the other, and
/// the longer one has n. All units with at least the threshold's score are found, none is passed over:
///
/// Two such segments share so many tokens that, of the rarest n - ⌈t·n⌉ + 1 tokens of each, at least one is in both.
/// So a unit stands in the lists of its own rarest tokens only, and a segment looks into the lists of its own. Units
/// are numbered by length, so a list is cut to the lengths that can reach the score. Of what is left, a signature of
/// 128 bits says how many tokens differ at least; only then is the distance computed, up to what the score allows.
class index {
 public:
  explicit index(double threshold) : threshold_(threshold) {}

  /// `reversed`: it is looked up by its target.
  void add(const unit &, std::string_view memory, bool reversed = false);
  /// After the last unit, before the first look-up.
  void finish();
  std::size_t size() const { return entries_.size(); }

  /// What one thread needs for its look-ups.
  class searcher {
   public:
    explicit searcher(const index &in) : in_(in), own_number_(in.frequency_.size()) {}
    /// The best matches, at most `most`: first those in context, then exact ones, then by score, then in the order of
    /// the memories. Of units with one target, the best counts. What has no tokens matches nothing.
    std::vector<match> find(const question &, std::size_t most);

   private:
    struct candidate {
      std::uint32_t entry, distance;
    };
    void collect(const std::vector<std::uint32_t> &tokens, std::size_t length);

    const index &in_;
    tokenizer cut_;
    edit_pattern pattern_;
    std::vector<std::uint32_t> own_number_;  // of a token, in the segment that is looked up; 0: not in it
    std::vector<std::uint32_t> seen_;
    std::vector<candidate> found_;
  };

 private:
  friend class searcher;
  static constexpr std::uint32_t unknown = UINT32_MAX;

  struct text_place {
    std::uint64_t begin = 0;
    std::uint32_t size = 0;
  };
  struct entry {
    std::uint64_t tokens = 0;  // where they begin
    text_place source, target, name;
    std::uint32_t length = 0, file = 0, contexts = 0, context_count = 0;
  };
  struct context_digests {
    std::uint64_t before, after;
  };
  struct signature {
    std::uint64_t low = 0, high = 0;
    void add(std::uint64_t token_digest) {
      (token_digest & 64 ? high : low) |= std::uint64_t{1} << (token_digest & 63);
    }
  };

  /// A segment that was cut lately.
  struct cut_segment {
    std::string text;
    std::vector<std::uint64_t> tokens;
    std::uint64_t digest = 0;
  };
  const cut_segment &cut_again(const std::string &text);

  text_place keep(std::string_view);
  std::string_view text(text_place p) const { return std::string_view(texts_).substr(p.begin, p.size); }
  static std::uint64_t digest_of(const std::vector<std::uint64_t> &tokens);
  /// The least number of tokens that a segment of `length` shares with one that reaches the score.
  std::size_t least_shared(std::size_t length) const;
  bool is_rarer(std::uint32_t a, std::uint32_t b) const {
    return frequency_[a] != frequency_[b] ? frequency_[a] < frequency_[b] : a < b;
  }

  double threshold_;
  tokenizer cut_;
  // What stands around a unit is most often the unit before it and the one after it: each is cut once.
  std::array<cut_segment, 3> recent_;
  std::size_t oldest_ = 0;
  std::string texts_;
  std::vector<std::pair<std::string, std::string>> files_;  // memory, file
  std::vector<entry> entries_;
  std::vector<std::uint32_t> tokens_;
  std::vector<context_digests> contexts_;
  std::unordered_map<std::uint64_t, std::uint32_t> numbers_;  // of tokens, by digest
  std::vector<std::uint64_t> digests_;                        // of tokens, by number
  std::vector<std::uint32_t> frequency_;                      // in how many units a token is
  // Made by `finish`. Ranks are units in ascending length.
  std::vector<std::uint32_t> entry_at_;         // by rank
  std::vector<std::uint32_t> first_of_length_;  // rank of the first unit that has at least this length
  std::vector<signature> signatures_;           // by rank
  std::vector<std::uint64_t> list_begin_;       // by token
  std::vector<std::uint32_t> lists_;            // ranks, ascending in each list
};

}  // namespace calque::tm

// SPDX-License-Identifier: Apache-2.0
// What two texts say of which of their segments belong together, as tokens and the rates at which they meet.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace calque::align {

/// A segment as the aligner sees it.
struct passage {
  std::string_view text;
  std::string block;         // the kind of its block: "heading 2"
  uint32_t block_begin = 0;  // segments of one block have the same
  bool opens_block = false, closes_block = false;
  std::vector<std::string> facts;    // values that are equal in every language: "1958-04-29"
  std::vector<std::string> phrases;  // forms to be looked for in the other text: a term's target, a name's variant
};

/// A segment with more ends of sentences is said to have so many.
constexpr uint8_t most_stops = 4;

/// What a token is; tokens of one class are believed alike until a document says otherwise.
enum class token_class : uint8_t { word, number, small_number, latin, name, sound, sign, place, fact, phrase };
constexpr size_t class_count = 10;

struct token {
  token_class is = token_class::word;
  uint32_t spread = 0;  // segments of its text that have it
};

/// One text: for each segment its length, how many sentences end in it, and its tokens (ascending, each once), and all
/// that is known of a token.
struct side {
  std::vector<float> length;
  std::vector<uint8_t> stops;
  std::vector<std::vector<uint32_t>> tokens;
  std::vector<token> vocabulary;
  std::vector<std::vector<uint32_t>> places;  // of a token: the segments that have it
  uint32_t size() const { return static_cast<uint32_t>(length.size()); }
};

/// A token of the source and the same of the target: a number, a date, a name.
struct anchor {
  uint32_t source = 0, target = 0;
};

/// Both texts, and the tokens that are the same in both by themselves.
struct evidence {
  side source, target;
  std::vector<anchor> anchors;  // by source, then target
};

/// Numbers, dates, Latin words, names by sound, terms, signs and blocks of both texts, and their words.
evidence collect(const std::vector<passage> &source, const std::vector<passage> &target);

}  // namespace calque::align

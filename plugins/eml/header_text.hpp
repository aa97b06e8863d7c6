// SPDX-License-Identifier: Apache-2.0
// Values of headers as text: encoded words, folded lines, and bytes that no header should have.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace calque::plugins::mail {

/// Text and where it is stored. Pieces tile the value that they were read from.
struct header_piece {
  enum class sort { text, fold };
  std::string text;
  uint64_t begin, end;
  sort what = sort::text;
};

struct header_text {
  std::vector<header_piece> pieces;
  bool has_raw_bytes = false;      // beyond ASCII, and no UTF-8: read as windows-1252
  bool has_odd_charset = false;    // an encoded word that its charset does not fit, or that has an unknown one

  std::string whole() const;
};

/// The value stored in [begin, end) of `all`.
header_text read_header_text(std::string_view all, uint64_t begin, uint64_t end);

/// A value without its places.
std::string plain_words(std::string_view value);

/// Bytes in a charset by its label as UTF-8, with U+FFFD for what is no text in it; `fits` tells whether there was any.
/// An unknown charset: as UTF-8, or as windows-1252.
std::string to_utf8(std::string_view bytes, std::string_view charset, bool *fits = nullptr);

/// True when all bytes are well-formed UTF-8 without NUL.
bool is_plain_utf8(std::string_view bytes);

}  // namespace calque::plugins::mail

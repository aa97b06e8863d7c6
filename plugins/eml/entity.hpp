// SPDX-License-Identifier: Apache-2.0
// The structure of a message, as places in the bytes that are stored: headers, bodies, and the parts of multiparts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace calque::plugins::mail {

/// One header with its folded lines. [begin, end) has its line end, the value has not.
struct header {
  std::string name;  // in lower case
  uint64_t begin, name_end, value_begin, value_end, end;
};

/// A parameter of a structured header ("charset=utf-8"), as RFC 2045 and RFC 2231 have it, put together and decoded.
struct parameter {
  std::string name, value;
  uint64_t begin = 0, end = 0;  // of the value, where it is in one piece and not encoded; else of all there is of it
};

struct entity {
  uint64_t begin = 0, body = 0, end = 0;  // headers and the blank line behind them; then the body
  std::vector<header> headers;
  std::string type = "text/plain";        // in lower case
  std::string disposition;                // in lower case, without parameters
  std::string transfer_encoding;
  std::vector<parameter> parameters;      // of the type
  parameter file_name;                    // empty value: it has none
  std::vector<entity> parts;              // of a multipart

  const header *find(std::string_view name) const;
  std::string_view value_of(std::string_view parameter_name) const;
  bool is_multipart() const { return type.starts_with("multipart/"); }
};

/// How deep parts lie in parts, and how many there are in one message, at most.
inline constexpr uint32_t most_depth = 64, most_parts = 10'000;

/// Reads [begin, end) of `all`. Throws calque::failure (eml.too-deep, eml.too-many-parts).
entity read_entity(std::string_view all, uint64_t begin, uint64_t end);

/// The headers at the front of [begin, end), and where the body begins: behind a blank line, or at the first line that
/// is no header.
std::vector<header> read_headers(std::string_view all, uint64_t begin, uint64_t end, uint64_t &body);

}  // namespace calque::plugins::mail

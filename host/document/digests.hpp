// SPDX-License-Identifier: Apache-2.0
// The digests that name bytes: SHA-256, which nobody can forge, and XXH3, which costs nothing.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sha256_ctx;

namespace calque::host {

using sha256_digest = std::array<uint8_t, 32>;

/// The SHA-256 of some bytes.
sha256_digest sha256_of(std::string_view bytes);
/// Their XXH3, 128 bit: tells what changed by itself, and is no proof against somebody who looks for another text with it.
std::array<uint8_t, 16> xxh3_of(std::string_view bytes);
std::string to_hex(const sha256_digest &);

/// The SHA-256 of bytes that come in pieces.
class sha256_stream {
 public:
  sha256_stream();
  void add(std::string_view bytes);
  /// Of all that was added; the next byte begins another stream.
  sha256_digest end();

 private:
  struct deleter {
    void operator()(sha256_ctx *) const;
  };
  std::unique_ptr<sha256_ctx, deleter> context_;
};

}  // namespace calque::host

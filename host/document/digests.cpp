// SPDX-License-Identifier: Apache-2.0
// Digests by Nettle and xxHash.
#include "host/document/digests.hpp"

#include <nettle/sha2.h>
#include <xxhash.h>

#include <algorithm>

// Nettle gives its functions long names by macros; one of them is our type's.
#undef sha256_digest

namespace calque::host {

void sha256_stream::deleter::operator()(sha256_ctx *context) const {
  delete context;
}

sha256_stream::sha256_stream() : context_(new sha256_ctx) {
  nettle_sha256_init(context_.get());
}

void sha256_stream::add(std::string_view bytes) {
  nettle_sha256_update(context_.get(), bytes.size(), reinterpret_cast<const uint8_t *>(bytes.data()));
}

sha256_digest sha256_stream::end() {
  sha256_digest digest;
  nettle_sha256_digest(context_.get(), digest.size(), digest.data());
  return digest;
}

sha256_digest sha256_of(std::string_view bytes) {
  sha256_stream stream;
  stream.add(bytes);
  return stream.end();
}

std::array<uint8_t, 16> xxh3_of(std::string_view bytes) {
  XXH128_canonical_t found;
  XXH128_canonicalFromHash(&found, XXH3_128bits(bytes.data(), bytes.size()));
  std::array<uint8_t, 16> digest;
  std::copy_n(found.digest, digest.size(), digest.begin());
  return digest;
}

std::string to_hex(const sha256_digest &digest) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (uint8_t byte : digest) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace calque::host

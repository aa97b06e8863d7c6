// SPDX-License-Identifier: Apache-2.0
// The digests of a file, in pieces.
#include "host/batch/file_digest.hpp"

#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string_view>

#include "host/system/calls.hpp"

namespace calque::host {
namespace {

constexpr std::size_t piece = 64 * 1024;

/// Gives all bytes of the file to `take`, in order; false when that fails, or there are more than `most`.
template <class Take>
bool read_through(int fd, std::uint64_t most, Take take) {
  const auto buffer = std::make_unique_for_overwrite<char[]>(piece);
  for (std::uint64_t at = 0;;) {
    const ssize_t got = calls::pread(fd, buffer.get(), piece, static_cast<off_t>(at));
    if (got <= 0) return got == 0;
    at += static_cast<std::uint64_t>(got);
    if (at > most) {
      errno = EFBIG;
      return false;
    }
    take(std::string_view(buffer.get(), static_cast<std::size_t>(got)));
  }
}

}  // namespace

std::optional<file_content> digest_content(int fd, std::uint64_t most) {
  sha256_stream digest;
  file_content found;
  const bool is_read = read_through(fd, most, [&](std::string_view bytes) {
    digest.add(bytes);
    if (found.head.size() < piece) found.head.append(bytes.substr(0, piece - found.head.size()));
    found.size += bytes.size();
  });
  if (!is_read) return std::nullopt;
  found.sha256 = digest.end();
  return found;
}

std::optional<sha256_digest> sha256_of_file(int fd) {
  sha256_stream digest;
  if (!read_through(fd, UINT64_MAX, [&](std::string_view bytes) { digest.add(bytes); })) return std::nullopt;
  return digest.end();
}

std::optional<file_digests> digests_of_file(int fd) {
  sha256_stream digest;
  const std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t *)> quick(XXH3_createState(), XXH3_freeState);
  XXH3_128bits_reset(quick.get());
  const bool is_read = read_through(fd, UINT64_MAX, [&](std::string_view bytes) {
    digest.add(bytes);
    XXH3_128bits_update(quick.get(), bytes.data(), bytes.size());
  });
  if (!is_read) return std::nullopt;
  file_digests found{digest.end(), {}};
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(quick.get()));
  std::copy_n(canonical.digest, found.xxh3.size(), found.xxh3.begin());
  return found;
}

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// The SHA-256 of a file, in pieces.
#include "host/batch/file_digest.hpp"

#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "host/system/calls.hpp"

namespace calque::host {

std::optional<file_content> digest_content(int fd, std::uint64_t most) {
  constexpr std::size_t head_size = 64 * 1024, piece = 256 * 1024;
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX *)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  file_content found;
  std::string buffer(head_size, '\0');
  for (;;) {
    const ssize_t got = calls::pread(fd, buffer.data(), buffer.size(), static_cast<off_t>(found.size));
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    const auto size = static_cast<std::size_t>(got);
    EVP_DigestUpdate(context.get(), buffer.data(), size);
    if (found.size < head_size) found.head.append(buffer, 0, std::min<std::size_t>(size, head_size - found.head.size()));
    found.size += size;
    if (found.size > most) {
      errno = EFBIG;
      return std::nullopt;
    }
    if (size == buffer.size() && buffer.size() < piece) buffer.resize(piece);
  }
  EVP_DigestFinal_ex(context.get(), found.sha256.data(), nullptr);
  return found;
}

std::optional<sha256_digest> sha256_of_file(int fd) {
  auto content = digest_content(fd);
  if (!content) return std::nullopt;
  return content->sha256;
}

}  // namespace calque::host

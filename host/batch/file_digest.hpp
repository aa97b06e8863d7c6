// SPDX-License-Identifier: Apache-2.0
// The digests of a file, in pieces: files may be bigger than what memory there is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "host/document/document.hpp"
#include "host/pipeline/stage_memory.hpp"

namespace calque::host {

struct file_content {
  sha256_digest sha256{};
  std::uint64_t size = 0;  // of what was read
  std::string head;        // the first 64 KiB
};

/// Reads from the beginning to the end, and no more than `most` bytes; nothing when that fails: errno says why (EFBIG).
std::optional<file_content> digest_content(int fd, std::uint64_t most = UINT64_MAX);
std::optional<sha256_digest> sha256_of_file(int fd);

struct file_digests {
  sha256_digest sha256{};
  short_digest xxh3{};
};
std::optional<file_digests> digests_of_file(int fd);

}  // namespace calque::host

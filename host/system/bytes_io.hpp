// SPDX-License-Identifier: Apache-2.0
// Whole reads and writes: what the calls of the system do in pieces, done to the end or not at all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "host/system/descriptor.hpp"

namespace calque::host {

/// 0, or the errno of the call that failed; then some of the bytes may be written.
int write_whole(int fd, std::string_view bytes);
int write_whole_at(int fd, std::string_view bytes, std::uint64_t offset);

/// Reads `size` bytes at `offset` whatever the file's own position; fewer where the file ends. Nothing when reading
/// failed: errno says why.
std::optional<std::string> read_at(int fd, std::uint64_t offset, std::size_t size);

/// All of a regular file; nothing when it cannot be read or is bigger than `most`: errno says why (EFBIG).
std::optional<std::string> read_file(const std::string &path, std::uint64_t most);

/// Makes the entries of the folder that `path` lies in durable. 0 or an errno.
int sync_folder_of(const std::string &path);

/// A sealed file in memory with these bytes: whoever maps it can rely on that they stay.
descriptor sealed_memory(const char *name, std::string_view bytes);
/// True when nobody can change or shorten the file any more.
bool is_sealed(int fd);

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// The directory of a ZIP archive: where each member lies, and what is said of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/document/diagnostic.hpp"

namespace calque::host {

/// A member as the central directory describes it. Nothing of it is believed until the member has been read.
struct zip_entry {
  std::string_view name;  // as stored, in whatever encoding
  std::string_view packed;  // its bytes, as they are packed
  std::uint64_t size = 0;   // unpacked
  std::uint32_t crc = 0;    // of what is unpacked
  std::uint16_t method = 0;
  bool is_utf8 = false;  // the archive says so of the name
  bool is_encrypted = false;
  bool is_special = false;  // a link, a device, a pipe: no file and no folder
};

/// Reads the directory at the end of `bytes`, which outlive the result; what stands before and behind the archive (a
/// program that unpacks it, padding of a disk) is passed over. Every entry has its own stretch of bytes with its own
/// head, and no more than `most_members` are looked at. Codes: archive.damaged, archive.overlapping, document.limit.
result<std::vector<zip_entry>> read_zip_directory(std::string_view bytes, std::uint64_t most_members);

/// That something was wanted beyond a limit of `[limits]`, as boundary::limit says it.
diagnostic beyond_limit(std::string_view what, std::uint64_t granted, std::uint64_t wanted);

/// A name of a member for messages: at most 120 bytes, and nothing that a terminal would obey.
std::string shown_name(std::string_view name);

}  // namespace calque::host

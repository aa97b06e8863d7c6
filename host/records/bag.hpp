// SPDX-License-Identifier: Apache-2.0
// An output folder as a BagIt bag (RFC 8493): the editions below data/, their digests and what is known of them beside.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "host/document/diagnostic.hpp"

namespace calque::host {

/// A file of the payload, as it lies on the disk.
struct bag_entry {
  std::string path;  // below data/, '/' between folders
  std::uint64_t bytes = 0;
  std::string sha256;  // hexadecimal, lower case
};

/// What is known of the bag; what is empty is not written.
struct bag_info {
  std::string software;      // Bag-Software-Agent
  std::string organization;  // Source-Organization
  std::string description;   // External-Description
  std::string date;          // Bagging-Date, YYYY-MM-DD; empty: from SOURCE_DATE_EPOCH, if that is set
};

/// Writes bagit.txt, bag-info.txt, manifest-sha256.txt and tagmanifest-sha256.txt into `folder`, in that order, and
/// makes data/ if it is not there. The same arguments give the same bytes. All four are written aside before the first
/// one is put in place, so a full disk leaves the old bag as it was.
/// Codes: output.bad-name (a path leads out of data/ or is not UTF-8), output.duplicate, and those of output_failure.
result<void> write_bag(const std::string &folder, std::span<const bag_entry>, const bag_info &);

/// A path as a manifest has it: CR, LF and % are written as %0D, %0A and %25, nothing else.
std::string manifest_path(std::string_view path);

}  // namespace calque::host

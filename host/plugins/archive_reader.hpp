// SPDX-License-Identifier: Apache-2.0
// One ZIP archive in memory: the members that may be read, and their bytes, within limits.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/document/diagnostic.hpp"
#include "host/document/stage_rules.hpp"
#include "host/plugins/zip_directory.hpp"

namespace calque::host {

struct archive_member {
  std::string name;                   // in UTF-8; folders are parted by '/'
  std::uint64_t size = 0, packed = 0;  // as the directory says
  bool is_encrypted = false;
  std::uint64_t index = 0;             // in the directory
};

/// What may still be unpacked in this run, over all archives, and whether to go on.
struct unpacking {
  const limits &within;
  std::uint64_t unpacked = 0;
  std::function<bool()> goes_on = [] { return true; };
};

/// Members are in the order of the directory, without folders and without what is refused: names that climb, are
/// absolute or are no text, links and devices.
class archive_reader {
 public:
  /// `bytes` outlive the reader. What is refused or doubtful goes to `notices`, as warnings. Codes: archive.damaged,
  /// archive.overlapping, archive.duplicate-name, archive.refused-name, archive.link, archive.case-collision,
  /// document.limit.
  static result<std::unique_ptr<archive_reader>> open(std::string_view bytes, const limits &within,
                                                      std::vector<diagnostic> &notices);
  const std::vector<archive_member> &members() const { return members_; }
  /// The bytes of a member, counted as they come: no more than its size, and no more than the limits grant.
  /// Codes: archive.damaged, archive.encrypted, archive.unknown-method, document.limit, run.stopped.
  result<std::string> read(const archive_member &, unpacking &) const;

 private:
  explicit archive_reader(std::vector<zip_entry> entries) : entries_(std::move(entries)) {}

  std::vector<zip_entry> entries_;
  std::vector<archive_member> members_;
};

}  // namespace calque::host

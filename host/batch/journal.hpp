// SPDX-License-Identifier: Apache-2.0
// A file of checksummed records that only grows: what the state of a batch is kept in.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "host/document/diagnostic.hpp"
#include "host/system/descriptor.hpp"

namespace calque::host {

struct journal_record {
  std::uint8_t type = 0;
  std::string_view payload;
  std::uint64_t offset = 0;  // of the record in the file
};

/// A header, then records: size (u32), checksum (u32, XXH32 of type and payload), type (u8), payload. Reading takes the
/// longest sound beginning; what follows it is cut off, so that a second opening finds nothing to say.
class journal {
 public:
  enum class access { read_only, read_write };

  /// Reads all records through `each`. A file that is damaged at its head is moved aside. Notices (severity warning)
  /// are appended to `notices`: state.damaged. Errors: state.newer-version, and output.* for a file that cannot be
  /// opened or made.
  static result<journal> open(const std::string &path, access, const std::function<void(const journal_record &)> &each,
                              std::vector<diagnostic> &notices);
  journal() = default;
  journal(journal &&) = default;
  journal &operator=(journal &&) = default;
  ~journal();

  /// Adds records to be written with the next flush; gives the offset that the record will have.
  std::uint64_t add(std::uint8_t type, std::string_view payload);
  /// Writes what was added, with room for more set apart on the disk. 0 or an errno; then nothing of it counts, and the file is as it was.
  int flush();
  /// Makes durable what was flushed. 0 or an errno.
  int sync();

  /// The payload of the record at an offset that `each` or `add` gave; empty when it cannot be read (again).
  std::string read(std::uint64_t offset) const;
  std::uint64_t size() const { return end_ + pending_.size(); }
  bool is_open() const { return static_cast<bool>(fd_); }
  const std::string &path() const { return path_; }

  /// Writes the records at these offsets, in this order, to a new file in place of this one; `moved` is told the old
  /// and the new offset of each. 0 or an errno; then the old file stays.
  int rewrite(const std::vector<std::uint64_t> &offsets, const std::function<void(std::uint64_t, std::uint64_t)> &moved);

 private:
  void make_room();

  descriptor fd_;
  std::string path_, pending_;
  std::uint64_t end_ = 0;   // of what is in the file
  std::uint64_t room_ = 0;  // how far the disk has place for it
};

}  // namespace calque::host

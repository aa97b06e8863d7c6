// SPDX-License-Identifier: Apache-2.0
// The folder that editions go to: every path below it, without a step through a symbolic link or out of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "host/batch/state.hpp"
#include "host/document/diagnostic.hpp"
#include "host/system/descriptor.hpp"

namespace calque::host {

/// What tells one file from another and one change of it from the next.
struct file_mark {
  std::uint64_t size = 0, inode = 0;
  std::int64_t changed_ns = 0;
  bool is_regular = false;
};

/// One thread. Folders are opened once and stay open, up to some hundred.
class output_folder {
 public:
  /// The folder itself may be reached through links: the caller named it. `make`: it and its parents are made.
  static result<output_folder> open(const std::string &path, bool make);
  output_folder() = default;

  const std::string &path() const { return path_; }
  int fd() const { return *root_; }

  /// What lies there; nothing when nothing does, or a step to it is no folder of ours.
  std::optional<file_mark> look(const std::string &file);
  /// The SHA-256 of a regular file that lies there.
  std::optional<sha256_digest> digest(const std::string &file);
  /// Nothing in the way of a file of that name: no folder, pipe or device there, and its folder can be had (it is made
  /// when `make`). Codes: output.*.
  result<void> check(const std::string &file, bool make);

  /// Moves a file of `from` here, over what is there. 0 or an errno.
  int place(int from, const std::string &name, const std::string &file);
  /// Links what is there into `to`, so that it can be placed again. 0, also when nothing is there, or an errno.
  int set_aside(const std::string &file, int to, const std::string &name);
  /// Removes a file, and then its folders as far as they are empty. What is not there is no error.
  int remove(const std::string &file);
  /// Makes durable all entries of folders that were changed since the last time. 0 or an errno.
  int sync_folders();
  /// Closes what is open but the root.
  void forget_folders();

 private:
  /// The descriptor of the folder of a file; -1 with errno set.
  int folder_of(const std::string &file, bool make);

  std::string path_;
  descriptor root_;
  std::map<std::string, descriptor, std::less<>> folders_;  // by path below the root, without a slash at the end
  std::set<std::string> changed_;
};

/// The last part of a path.
std::string_view name_in(std::string_view path);

}  // namespace calque::host

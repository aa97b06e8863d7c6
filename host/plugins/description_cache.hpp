// SPDX-License-Identifier: Apache-2.0
// Keeps what plugin files say of themselves, by the digest of the file, so that each is asked once.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "host/plugins/description.hpp"

namespace calque::host {

/// SHA-256 of a file, in hexadecimal; nothing when it cannot be read.
std::optional<std::string> digest_of_file(const std::filesystem::path &file);

/// $XDG_CACHE_HOME/calque, else ~/.cache/calque; empty when neither is set. As the environment says.
std::filesystem::path default_cache_folder();

/// A folder of files. Only what the bytes of a plugin decide is kept: its description, or that it is no plugin. What
/// depends on the machine (a library that is missing, a crash, a time limit) is asked again. An entry that cannot be
/// read or written is none: nothing fails because of the cache.
class description_cache {
 public:
  /// No folder: keeps nothing.
  explicit description_cache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// What is known of a file with this digest; nothing when it was not asked yet.
  std::optional<result<plugin_description>> find(const std::string &digest) const;
  void keep(const std::string &digest, const result<plugin_description> &) const;
  /// digest_of_file, remembered while number, size and times of the file stay the same.
  std::optional<std::string> digest_of(const std::filesystem::path &file) const;

 private:
  std::filesystem::path entry(const std::string &digest) const;
  void write(const std::filesystem::path &entry, const std::string &bytes) const;
  std::filesystem::path folder_;
};

}  // namespace calque::host

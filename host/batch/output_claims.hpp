// SPDX-License-Identifier: Apache-2.0
// Which input an output belongs to, so that no two of a run become one file.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace calque::host {

/// Paths are kept as hashes: a batch may have some hundred thousand.
class output_claims {
 public:
  /// The input that has the path already, if it is another one. Case is folded: not all file systems tell it apart.
  std::optional<std::uint32_t> holder(std::string_view path, std::uint32_t input) const;
  void claim(std::string_view path, std::uint32_t input);
  /// Gives up the path, if it is this input's.
  void release(std::string_view path, std::uint32_t input);

 private:
  std::unordered_map<std::uint64_t, std::uint32_t> holders_;
};

}  // namespace calque::host

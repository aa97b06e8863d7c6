// SPDX-License-Identifier: Apache-2.0
// Which files a run reads: path patterns to names, in an order that does not depend on the file system.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace calque::host {

/// A file to read, and the folder that {dir} stands for: what lies between the fixed part of its pattern and the file.
struct named_input {
  std::string path;
  std::string dir; // with '/' between folders, without one at its ends; may be empty
  bool operator==(const named_input &) const = default;
};

/// True when `name` matches; '*' is any number of characters, '?' one code point. Neither matches '/'.
bool matches_name(std::string_view pattern, std::string_view name);

/// The files that match, sorted by path, each once. `*` and `?` match within a name, a folder named `**` any number of
/// folders. Names that begin with a dot are matched only by a pattern that does. Links to folders are not followed
/// below `**`. What is not a folder is a match, whatever it is: opening it says what is wrong with it.
std::vector<named_input> expand_patterns(std::span<const std::string> patterns);

}  // namespace calque::host

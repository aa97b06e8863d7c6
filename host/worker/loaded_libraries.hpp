// SPDX-License-Identifier: Apache-2.0
// The shared objects of this process, by what identifies their code.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace calque::host {

/// Path and build id (hexadecimal; of a file without one its size and change time) of the program and all that it has
/// loaded, sorted by path.
std::vector<std::pair<std::string, std::string>> loaded_libraries();

}  // namespace calque::host

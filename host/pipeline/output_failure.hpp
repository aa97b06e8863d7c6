// SPDX-License-Identifier: Apache-2.0
// What a failed call of the system means for an output: the code, the words and what to do.
#pragma once

#include <string>
#include <string_view>

#include "host/document/diagnostic.hpp"

namespace calque::host {

/// `what` completes "cannot …" ("write", "create the folder"); `number` is an errno.
/// Codes: output.permission, output.disk-full, output.symlink, output.cannot-create, output.cannot-write.
diagnostic output_failure(std::string_view what, const std::string &path, int number);

}  // namespace calque::host

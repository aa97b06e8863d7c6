// SPDX-License-Identifier: Apache-2.0
// Writes a file so that its readers see the old content or the new one, never a part.
#pragma once

#include <string>
#include <string_view>

#include "host/document/diagnostic.hpp"

namespace calque::host {

/// By a temporary file in the same folder, made durable and renamed. On failure the old file is as it was and nothing
/// stays behind. A symbolic link of that name is replaced, not followed.
/// Codes: output.permission, output.disk-full, output.cannot-create, output.cannot-write.
result<void> replace_file(const std::string &path, std::string_view bytes);

}  // namespace calque::host

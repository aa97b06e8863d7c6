// SPDX-License-Identifier: Apache-2.0
// Puts the files of one input into the output folder, all or none. The one place that writes outputs.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "host/document/diagnostic.hpp"

namespace calque::host {

struct file_to_publish {
  std::string path; // below the folder, '/' between folders
  std::string_view bytes;
};

/// The rule for paths below the output folder: relative, no empty part, no '.' or '..', no control character.
bool is_safe_output_path(std::string_view path);

/// Writes the files aside in `<folder>/.calque/staging`, makes them durable, and renames them into place; folders are
/// made as needed. No symbolic link below `folder` is followed. On failure every file is as it was before, and folders
/// made on the way are gone again; nothing stays behind in either case.
/// Codes: output.bad-name, output.duplicate, output.symlink, output.not-a-file, output.permission, output.disk-full,
/// output.cannot-create, output.cannot-write.
result<void> publish(const std::string &folder, std::span<const file_to_publish> files);

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Describing a plugin file: in this process, and in a child that may crash.
#pragma once

#include <chrono>
#include <filesystem>
#include <iosfwd>

#include "host/plugins/description.hpp"

namespace calque::host {

/// The verb by which the host starts itself to describe one file: `PROGRAM __describe FILE`.
inline constexpr const char *describe_verb = "__describe";

/// What `PROGRAM __describe FILE` does: loads the file, writes one JSON object (the description, or the errors) to
/// `out`. 0 when that could be written, whatever it says.
int describe_plugin(const std::filesystem::path &file, std::ostream &out);

/// Starts `program __describe FILE` and reads what it says. A child that dies, hangs or talks nonsense is an error
/// that says so. Codes: as load_plugin, and plugin.crashed, plugin.timed-out, plugin.probe-failed.
result<plugin_description> describe_in_child(const std::filesystem::path &program, const std::filesystem::path &file,
                                             std::chrono::milliseconds most);

}  // namespace calque::host

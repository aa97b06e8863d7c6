// SPDX-License-Identifier: Apache-2.0
// Puts a pipeline file, the files it includes and the overrides of the command line together into one tree.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "host/pipeline/config.hpp"
#include "host/pipeline/source_text.hpp"
#include "host/plugins/description.hpp"

namespace calque::host {

/// What places in overrides have as their file; override k stands in line k + 1.
inline constexpr std::string_view override_file = "--set";

/// Reads `path` (or takes `text` for it) and what it includes. What is included comes first: its stages and tests stand
/// before those of the including file, whose single values win; `[loss] allow` adds up. Nothing when a file cannot be
/// read or is not TOML; the errors of all files are reported then.
std::optional<config_value> compose_config(const std::string &path, std::optional<std::string> text,
                                           std::span<const std::string> overrides, source_texts &sources,
                                           problems &out);

/// The folder that relative names written in `file` start from; absolute.
std::string folder_of(const std::string &file);
/// `name` as written at `where`, absolute and without `.` and `..` where that needs no look at the disk.
std::string absolute_path(const std::string &name, const place &where);

/// The roles, whose names are the verbs of stages.
inline constexpr stage_role stage_roles[] = {stage_role::import, stage_role::normalize, stage_role::annotate,
                                             stage_role::export_};
/// What the stage is called: its `id`, or its plugin's id in short. Empty when the table says neither.
std::string stage_name(const config_value &stage);

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Checks the `with` table of a stage against the options that the plugin describes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "host/pipeline/config.hpp"
#include "host/plugins/description.hpp"
#include "host/plugins/options.hpp"

namespace calque::host {

/// values[k] belongs to description.options[k]; what is not given has is_set false. `with` may be NULL. `stage` is the
/// stage's table: errors of what is missing point there.
std::vector<option_value> read_options(const stage_description &description, const config_value *with,
                                       const config_value &stage, problems &out);

/// "2 MiB", "512 kB", "10": bytes. Nothing when it is none, or too big to hold.
std::optional<std::uint64_t> parse_size(std::string_view text);
/// "2 s", "150 ms", "1 min", "2 h": milliseconds.
std::optional<std::uint64_t> parse_duration(std::string_view text);

}  // namespace calque::host

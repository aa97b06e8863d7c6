// SPDX-License-Identifier: Apache-2.0
// Checks the `with` table of a stage against the options that the plugin describes.
#pragma once

#include <vector>

#include "host/pipeline/config.hpp"
#include "host/plugins/description.hpp"
#include "host/plugins/options.hpp"

namespace calque::host {

/// values[k] belongs to description.options[k]; what is not given has is_set false. `with` may be NULL. `stage` is the
/// stage's table: errors of what is missing point there.
std::vector<option_value> read_options(const stage_description &description, const config_value *with,
                                       const config_value &stage, problems &out);

}  // namespace calque::host

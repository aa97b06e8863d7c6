// SPDX-License-Identifier: Apache-2.0
// The plugin: one stage.
#include "plugins/dates/dates.hpp"

CALQUE_PLUGIN("dates", "0.1.0", "Apache-2.0", "https://example.org/calque", calque::dates::dates)

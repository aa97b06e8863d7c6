// SPDX-License-Identifier: Apache-2.0
// The plugin: one stage.
#include "plugins/segments/segments.hpp"

CALQUE_PLUGIN("segments", "0.2.0", "Apache-2.0", "https://example.org/calque", calque::segments::segments)

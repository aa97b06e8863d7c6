// SPDX-License-Identifier: Apache-2.0
// The plugin: one stage.
#include "plugins/align/align.hpp"

CALQUE_PLUGIN("align", "0.1.0", "Apache-2.0", "https://example.org/calque", calque::align::align)

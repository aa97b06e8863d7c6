// SPDX-License-Identifier: Apache-2.0
// The plugin: one stage.
#include "plugins/cast/cast.hpp"

CALQUE_PLUGIN("cast", "0.1.0", "Apache-2.0", "https://example.org/calque", calque::cast::cast)

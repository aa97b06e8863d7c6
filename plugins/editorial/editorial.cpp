// SPDX-License-Identifier: Apache-2.0
// The plugin: one stage.
#include "plugins/editorial/editorial.hpp"

CALQUE_PLUGIN("editorial", "0.1.0", "Apache-2.0", "https://example.org/calque", calque::editorial::editorial)

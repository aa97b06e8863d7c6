// SPDX-License-Identifier: Apache-2.0
// The plugin: one stage.
#include "plugins/memory/memory.hpp"

CALQUE_PLUGIN("memory", "0.1.0", "Apache-2.0", "https://example.org/calque", calque::plugins::memory)

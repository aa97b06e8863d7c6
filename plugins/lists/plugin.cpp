// SPDX-License-Identifier: Apache-2.0
// The plugin: one stage.
#include "plugins/lists/lists.hpp"

CALQUE_PLUGIN("lists", "1.0.0", "Apache-2.0", "https://calque.example.org", calque::plugins::lists)

// SPDX-License-Identifier: Apache-2.0
// The plugin: one stage.
#include "plugins/headings/headings.hpp"

CALQUE_PLUGIN("headings", "1.0.0", "Apache-2.0", "https://calque.example.org", calque::plugins::headings)

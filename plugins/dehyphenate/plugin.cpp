// SPDX-License-Identifier: Apache-2.0
// The plugin: one stage.
#include "plugins/dehyphenate/dehyphenate.hpp"

CALQUE_PLUGIN("dehyphenate", "1.0.0", "Apache-2.0", "https://calque.example.org", calque::plugins::dehyphenate)

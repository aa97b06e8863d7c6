// SPDX-License-Identifier: Apache-2.0
// The plugin: one stage.
#include "plugins/language/language.hpp"

CALQUE_PLUGIN("language", "0.1.0", "Apache-2.0", "https://example.org/calque", calque::language::language)

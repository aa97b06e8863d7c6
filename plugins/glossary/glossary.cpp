// SPDX-License-Identifier: Apache-2.0
// The plugin: one stage.
#include "plugins/glossary/glossary.hpp"

CALQUE_PLUGIN("glossary", "0.1.0", "Apache-2.0", "https://example.org/calque", calque::glossary::glossary)

// SPDX-License-Identifier: Apache-2.0
// The plugin for mail: its one stage.
#include "plugins/eml/eml.hpp"

CALQUE_PLUGIN("eml", "1.0.0", "Apache-2.0", "https://calque.example.org", calque::plugins::eml_importer)

// SPDX-License-Identifier: Apache-2.0
// The plugin for bundles: its one stage.
#include "zip.hpp"

CALQUE_PLUGIN("zip", "1.0.0", "Apache-2.0", "https://calque.example.org", calque::plugins::zip_importer)

// SPDX-License-Identifier: Apache-2.0
// The plugin for plain text: its stages.
#include "plugins/text/export.hpp"
#include "plugins/text/import.hpp"

CALQUE_PLUGIN("text", "1.0.0", "Apache-2.0", "https://calque.example.org", calque::plugins::text_importer,
              calque::plugins::text_exporter)

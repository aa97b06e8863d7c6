// SPDX-License-Identifier: Apache-2.0
// The plugin for pandoc's JSON: its stages.
#include "export.hpp"
#include "import.hpp"

CALQUE_PLUGIN("pandoc_json", "1.0.0", "Apache-2.0", "https://calque.example.org", pandoc_json::importer,
              pandoc_json::exporter)

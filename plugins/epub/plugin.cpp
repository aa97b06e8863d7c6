// SPDX-License-Identifier: Apache-2.0
// The plugin for EPUB: its stages.
#include "plugins/epub/export.hpp"
#include "plugins/epub/import.hpp"

CALQUE_PLUGIN("epub", "1.0.0", "Apache-2.0", "https://calque.example.org", epub::exporter, calque::plugins::epub_importer)

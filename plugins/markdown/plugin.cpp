// SPDX-License-Identifier: Apache-2.0
// The plugin for Markdown: its stages.
#include "plugins/markdown/import.hpp"
#include "plugins/markdown/markdown.hpp"

CALQUE_PLUGIN("markdown", "1.0.0", "Apache-2.0", "https://calque.example.org", markdown::importer, markdown::stage)

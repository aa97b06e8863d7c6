// SPDX-License-Identifier: Apache-2.0
// The plugin for HTML: its stages.
#include "plugins/html/html.hpp"
#include "plugins/html/import.hpp"

CALQUE_PLUGIN("html", "1.0.0", "Apache-2.0", "https://calque.example.org", html::stage, calque::plugins::html_importer)

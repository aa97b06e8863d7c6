// SPDX-License-Identifier: Apache-2.0
// The plugin for EPUB: its stages.
#include "export.hpp"

CALQUE_PLUGIN("epub", "1.0.0", "Apache-2.0", "https://calque.example.org", epub::exporter)

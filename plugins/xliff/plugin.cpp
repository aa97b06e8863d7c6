// SPDX-License-Identifier: Apache-2.0
// The plugin: XLIFF, written and read.
#include "export.hpp"
#include "import.hpp"

CALQUE_PLUGIN("xliff", "0.1.0", "Apache-2.0", "https://calque.example.org", xliff::import_stage,
              xliff::export_stage)

// SPDX-License-Identifier: Apache-2.0
// The plugin: XLIFF, written and read.
#include "export.hpp"

CALQUE_PLUGIN("xliff", "0.1.0", "Apache-2.0", "https://calque.example.org", xliff::export_stage)

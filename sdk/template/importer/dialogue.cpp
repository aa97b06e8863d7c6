// SPDX-License-Identifier: Apache-2.0
// An importer for a small format: "NAME> words" is a speech, "# words" a heading, any other line a paragraph.
#include "dialogue.hpp"

CALQUE_PLUGIN("dialogue", "0.1.0", "Apache-2.0", "https://example.org/dialogue", dialogue::importer)

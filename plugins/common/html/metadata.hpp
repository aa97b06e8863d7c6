// SPDX-License-Identifier: Apache-2.0
// Fields from the head of a page: title, meta elements, Dublin Core, Open Graph and JSON-LD.
#pragma once

#include "plugins/common/html/flow.hpp"

namespace calque::plugins::html_reading {

/// Writes what root and head (may be NULL) say of the page. What says a field again, or nothing of the text, is skipped
/// as `metadata`. Open Graph and JSON-LD speak only where nothing better does.
void write_fields(element root, element head, const tree &page, account &to, flow &text);

}  // namespace calque::plugins::html_reading

// SPDX-License-Identifier: Apache-2.0
// Carries layers through a rewrite.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/document/document.hpp"
#include "host/document/pieces.hpp"

namespace calque::host {

struct moved_layers {
  std::vector<std::shared_ptr<const layer_data>> layers;
  /// Text of a layer that forbids changes was changed: which.
  std::optional<std::string> forbidden;
};

/// Layers of a document `old` as layers of what it became, `next`, whose text `map` knows. Nodes with ids from
/// `first_new_id` on are new. A layer in which nothing moved is the very same; values that refer to annotations or
/// nodes that are gone are gone with them.
moved_layers move_layers(const std::vector<std::shared_ptr<const layer_data>> &layers, const calque_document &old,
                         const document_sections &next, const span_map &map, uint32_t first_new_id);

}  // namespace calque::host

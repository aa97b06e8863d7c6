// SPDX-License-Identifier: Apache-2.0
// `when`: whether a stage runs on a document.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <calque/calque.h>

namespace calque::host {

/// When a stage runs. All that is given must hold; a list holds when one of its entries does; empty: always.
/// Everything is known once the importer is done. Patterns are those of `matches`.
struct stage_condition {
  std::vector<std::string> language;                                     // BCP 47; "zh" also means zh-Hant
  std::vector<std::string> media_type;                                   // of the input
  std::vector<std::pair<std::string, std::vector<std::string>>> fields;  // key → patterns of one value
  bool empty() const { return language.empty() && media_type.empty() && fields.empty(); }
};

/// `media_type` is the input's.
bool holds(const stage_condition &, const calque_document &imported, std::string_view media_type);

}  // namespace calque::host

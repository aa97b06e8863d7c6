// SPDX-License-Identifier: Apache-2.0
// The schemas of the calque.* layers: kinds, keys and types, as docs/document-model.md lays them down.
#pragma once

#include <calque/calque.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace calque::host {

struct layer_key {
  std::string_view name;
  uint32_t type;          // CALQUE_VALUE_*
  bool required = false;  // every annotation of the layer has it
};

struct layer_schema {
  std::string_view name;
  std::span<const std::string_view> kinds;
  std::span<const layer_key> keys;
  uint32_t on_change;
  bool countable;  // exporters account for each annotation
};

/// The schema of a layer; null when it is not the host's.
const layer_schema *find_schema(std::string_view layer);
std::span<const layer_schema> all_schemas();

/// True for owner.name/revision: lower-case words, at least one dot before the slash, a number after it.
bool is_layer_name(std::string_view name);

/// What is wrong with a value for its type, if anything is.
std::optional<std::string> check_value(uint32_t type, std::string_view value);

}  // namespace calque::host

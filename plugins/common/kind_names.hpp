// SPDX-License-Identifier: Apache-2.0
// The names that kinds have which are in no table of the model.
#pragma once

#include <string_view>

namespace calque::plugins {

/// Whether a name has the form x.owner/thing, which the builder takes.
inline bool is_kind_name(std::string_view name) {
  const size_t slash = name.find('/');
  return name.starts_with("x.") && slash != std::string_view::npos && slash > 2 && slash + 1 < name.size() &&
         name.find('/', slash + 1) == std::string_view::npos &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-./") == std::string_view::npos;
}

}  // namespace calque::plugins

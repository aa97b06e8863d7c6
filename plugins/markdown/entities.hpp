// SPDX-License-Identifier: Apache-2.0
// The named character references of HTML.
#pragma once

#include <string_view>

namespace markdown {

/// The text of &name; or nothing.
std::string_view find_entity(std::string_view name);

}  // namespace markdown

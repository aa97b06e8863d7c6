// SPDX-License-Identifier: Apache-2.0
// Text and attributes as HTML and XHTML alike take them.
#pragma once

#include <string>
#include <string_view>

namespace edition {

/// Appends text with markup escaped and what neither form can hold replaced; true when there was such a character.
bool escape(std::string_view text, std::string &to);
/// ` name="value"`
std::string attribute(std::string_view name, std::string_view value);

}  // namespace edition

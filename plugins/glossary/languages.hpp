// SPDX-License-Identifier: Apache-2.0
// Language tags as far as termbases need them: the primary language, and the script where one is given.
#pragma once

#include <string>
#include <string_view>

namespace calque::glossary {

/// "en" of "en-GB", "EN" and "eng"; empty for "", "und" and what is no tag.
std::string primary_of(std::string_view tag);
/// "hant" of "zh-Hant-TW"; empty where none is given.
std::string script_of(std::string_view tag);
/// Whether the tag has the shape of BCP 47: letters, then parts of letters and digits with hyphens between.
bool is_language_tag(std::string_view tag);
/// The same primary language, and the same script where both name one. `wanted` empty: any language.
bool is_language(std::string_view tag, std::string_view wanted);

}  // namespace calque::glossary

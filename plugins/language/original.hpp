// SPDX-License-Identifier: Apache-2.0
// Which language the words of a field name.
#pragma once

#include <string>
#include <string_view>

namespace calque::language {

/// The BCP 47 language that is named: by its tag ("zh", "zh-Hant"), or by its name in English, Russian, Chinese, French, German
/// or Spanish, or in itself ("Chinese", "китайский", "中文"). What stands in parentheses behind a name is passed over. Empty
/// when it is no name, or several.
std::string language_named(std::string_view words);

}  // namespace calque::language

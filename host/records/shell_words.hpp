// SPDX-License-Identifier: Apache-2.0
// Commands that people copy: words as a shell reads them back, byte for byte.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace calque::host {

/// The word as it is where that is safe, else in quotes; what must not be seen by a terminal is spelled as $'\xE2'.
std::string shell_word(std::string_view word);
/// All of them with a space between.
std::string shell_line(std::span<const std::string> words);

}  // namespace calque::host

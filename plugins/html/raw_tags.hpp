// SPDX-License-Identifier: Apache-2.0
// Raw HTML without the tags that change how all that follows them is read.
#pragma once

#include <string>
#include <string_view>

namespace html {

/// Appends `whole` from `begin` to `end` with "<" as "&lt;" where it begins such a tag, which may end beyond `end`; true
/// when there was one. The tags are those of GitHub Flavored Markdown 0.29, §6.11.
bool append_filtered(std::string &to, std::string_view whole, size_t begin, size_t end);

}  // namespace html

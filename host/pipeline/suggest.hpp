// SPDX-License-Identifier: Apache-2.0
// "Did you mean": the known name that a mistyped one is closest to.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace calque::host {

/// How many insertions, deletions, replacements and swaps of neighbours make `a` into `b`; more than `most` is
/// `most`+1.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t most);

/// The best of `names` for `given`, or nothing: the same but for case and `-`, `_`, `.`; up to two slips (one in a name
/// of up to four letters); a whole part of the other, or its beginning.
std::string suggest(std::string_view given, std::span<const std::string> names);

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// How deep the elements of an HTML file will stand, before a parser whose time grows with that depth sees it.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace calque::plugins::html_reading {

/// Where the elements first stand more than `most` deep; nothing when they never do. An estimate that follows the
/// rules for end tags that may be left out.
std::optional<size_t> find_depth_over(std::string_view text, size_t most);

}  // namespace calque::plugins::html_reading

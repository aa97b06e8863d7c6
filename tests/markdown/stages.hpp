// SPDX-License-Identifier: Apache-2.0
// The stages of built plugins, run one by one.
#pragma once

#include <calque/testing.hpp>

#include <string>
#include <string_view>

namespace markdown_tests {

/// A stage of a plugin in the build folder; ends the test program when it is not there.
const calque_stage &stage_of(const char *plugin, bool imports);

calque::testing::outcome read_markdown(std::string_view text, bool autolinks = true);
std::string written(const char *plugin, const calque::testing::document &, const calque::testing::settings & = {});

/// Markdown to the HTML of a fragment; words of what went wrong when something did.
std::string to_html(std::string_view markdown, bool autolinks, bool tag_filter = false);

}  // namespace markdown_tests

// SPDX-License-Identifier: Apache-2.0
// Text as Markdown that means exactly that text, to CommonMark and to pandoc.
#pragma once

#include <string>
#include <string_view>

namespace markdown {

/// `before`: what stands on the same line already; `after`: the character that follows, or 0. Pairs of brackets stay as
/// they are where they can mean nothing else.
std::string escaped(std::string_view text, std::string_view before, char after, bool is_in_cell);

/// The text in backticks, as many as it needs.
std::string code_span(std::string_view text);

/// As the value of a YAML key: in quotes, on one line.
std::string yaml_string(std::string_view text);

/// As the target of a link: <…>.
std::string target(std::string_view href);

/// As the title behind a target, with the blank that parts them.
std::string title(std::string_view text);

}  // namespace markdown

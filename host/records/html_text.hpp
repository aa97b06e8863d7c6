// SPDX-License-Identifier: Apache-2.0
// Text, numbers and elements of a page of HTML. Everything that comes from a document or a name passes through here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace calque::host {

/// Text as content or in a quoted attribute: controls and bidi controls are spelled (⟨U+202E⟩), markup is escaped.
std::string html(std::string_view untrusted);
/// A name of a file, which may be in any script: kept apart from the direction of the text around it.
std::string html_name(std::string_view untrusted);
/// A command that people copy.
std::string html_command(std::string_view line);
/// Numbers as people read them, with the number itself for programs: <data value="1.5">1.5 ms</data>.
std::string html_count(std::uint64_t count);
std::string html_duration(double ms);
std::string html_size(std::uint64_t bytes);

/// A section under a heading of its own.
std::string html_section(std::string_view id, std::string_view title, std::string_view content);

/// 'sha256-…' of an inline script or style, as a content security policy names it.
std::string policy_source(std::string_view content);

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Text and attributes as HTML and XHTML alike take them.
#pragma once

#include <calque/calque.hpp>

#include <string>
#include <string_view>

namespace edition {

/// Appends text with markup escaped and what neither form can hold replaced; true when there was such a character. XML
/// would read a carriage return as it stands as a line feed.
bool escape(std::string_view text, std::string &to, bool is_xml);
/// ` name="value"`; line ends and tabs as they stand are blanks to XML.
std::string attribute(std::string_view name, std::string_view value, bool is_xml);
/// ` lang="…"`, and xml:lang beside it where the form is XML; nothing for what is no tag.
std::string language_attribute(std::string_view tag, bool is_xml);
/// Puts a node's own direction, where it names one, in place of what `attributes` say of it; true when it did.
bool put_direction(calque::node, std::string &attributes);

}  // namespace edition

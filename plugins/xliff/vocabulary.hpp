// SPDX-License-Identifier: Apache-2.0
// The words of XLIFF that both directions use: namespaces, and which code stands for which inline kind.
#pragma once

#include "../common/edition.hpp"

#include <algorithm>
#include <string_view>

namespace xliff {

inline constexpr std::string_view core_space = "urn:oasis:names:tc:xliff:document:2.0",
                                  core_space_2_2 = "urn:oasis:names:tc:xliff:document:2.2",
                                  old_space = "urn:oasis:names:tc:xliff:document:1.2",
                                  metadata_space = "urn:oasis:names:tc:xliff:metadata:2.0",
                                  matches_space = "urn:oasis:names:tc:xliff:matches:2.0",
                                  glossary_space = "urn:oasis:names:tc:xliff:glossary:2.0",
                                  its_space = "http://www.w3.org/2005/11/its",
                                  itsm_space = "urn:oasis:names:tc:xliff:itsm:2.1";

/// How an inline kind is written: @type and @subType of <pc> or <ph>.
struct code_type {
  calque::kind kind;
  std::string_view type, sub_type;
};

inline constexpr code_type code_types[] = {{calque::kind::emphasis, "fmt", "xlf:i"},
                                           {calque::kind::strong, "fmt", "xlf:b"},
                                           {calque::kind::underline, "fmt", "xlf:u"},
                                           {calque::kind::strikeout, "fmt", "calque:strikeout"},
                                           {calque::kind::superscript, "fmt", "calque:superscript"},
                                           {calque::kind::subscript, "fmt", "calque:subscript"},
                                           {calque::kind::small_caps, "fmt", "calque:small_caps"},
                                           {calque::kind::quoted, "quote", "calque:quoted"},
                                           {calque::kind::citation, "other", "calque:citation"},
                                           {calque::kind::link, "link", "calque:link"},
                                           {calque::kind::span, "other", "calque:span"},
                                           {calque::kind::code, "other", "calque:code"},
                                           {calque::kind::math, "other", "calque:math"},
                                           {calque::kind::raw, "other", "calque:raw"},
                                           {calque::kind::line_break, "fmt", "xlf:lb"},
                                           {calque::kind::image, "image", "calque:image"},
                                           {calque::kind::anchor, "other", "calque:anchor"}};

inline const code_type *code_type_of(calque::kind k) {
  for (const code_type &one : code_types)
    if (one.kind == k) return &one;
  return nullptr;
}

inline const code_type *code_type_named(std::string_view sub_type) {
  for (const code_type &one : code_types)
    if (one.sub_type == sub_type) return &one;
  return nullptr;
}

/// What stands before the kind in the type of a unit or group that Calque wrote.
inline constexpr std::string_view own_prefix = "calque:";

/// Whether text is a BCP 47 tag that begins with a language: `e` alone has the form of one and is none.
inline bool is_language(std::string_view text) {
  const size_t first = std::min(text.find('-'), text.size());
  return edition::is_language_tag(text) && (first > 1 || (first < text.size() && (text[0] == 'x' || text[0] == 'i')));
}

}  // namespace xliff

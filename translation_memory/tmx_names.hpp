// SPDX-License-Identifier: Apache-2.0
// The elements and attributes of TMX 1.4b that reader and writer share: what may stand where, and how it is written.
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

namespace calque::tm {

/// An attribute; `words`: the values that it may have, with blanks around each; empty: any.
struct tmx_attribute {
  std::string_view name, words = {};
  bool is_required = false;
};

inline constexpr tmx_attribute unit_attributes[] = {
    {"o-encoding"},   {"datatype"},   {"usagecount"}, {"lastusagedate"}, {"creationtool"}, {"creationtoolversion"},
    {"creationdate"}, {"creationid"}, {"changedate"}, {"changeid"},      {"o-tmf"}};
inline constexpr tmx_attribute segment_type[] = {{"segtype", " block paragraph sentence phrase "}};
inline constexpr tmx_attribute note_attributes[] = {{"o-encoding"}, {"xml:lang"}};
inline constexpr tmx_attribute property_attributes[] = {{"type", {}, true}, {"xml:lang"}, {"o-encoding"}};
inline constexpr tmx_attribute ude_attributes[] = {{"name", {}, true}, {"base"}};
inline constexpr tmx_attribute map_attributes[] = {{"unicode", {}, true}, {"code"}, {"ent"}, {"subst"}};

/// An element within a segment. `holds_text`: it holds what a segment may (hi, sub); else text and <sub> alone.
struct tmx_inline {
  std::string_view name;
  std::span<const tmx_attribute> attributes;
  bool holds_text = false;
};

namespace tmx_details {
inline constexpr tmx_attribute begin_pair[] = {{"i", {}, true}, {"x"}, {"type"}};
inline constexpr tmx_attribute end_pair[] = {{"i", {}, true}};
inline constexpr tmx_attribute isolated[] = {{"pos", " begin end ", true}, {"x"}, {"type"}};
inline constexpr tmx_attribute placeholder[] = {{"x"}, {"assoc", " p f b "}, {"type"}};
inline constexpr tmx_attribute unknown_tag[] = {{"x"}};
inline constexpr tmx_attribute highlight[] = {{"x"}, {"type"}};
inline constexpr tmx_attribute sub_flow[] = {{"datatype"}, {"type"}};
}  // namespace tmx_details

inline constexpr tmx_inline tmx_inlines[] = {{"bpt", tmx_details::begin_pair},     {"ept", tmx_details::end_pair},
                                             {"hi", tmx_details::highlight, true}, {"it", tmx_details::isolated},
                                             {"ph", tmx_details::placeholder},     {"sub", tmx_details::sub_flow, true},
                                             {"ut", tmx_details::unknown_tag}};

inline const tmx_inline *find_inline(std::string_view name) {
  const auto *found = std::find_if(std::begin(tmx_inlines), std::end(tmx_inlines),
                                   [&](const tmx_inline &one) { return one.name == name; });
  return found == std::end(tmx_inlines) ? nullptr : found;
}

/// Properties by which an export says what TMX has no place for.
inline constexpr std::string_view before_property = "x-context-pre", after_property = "x-context-post",
                                  file_property = "x-calque-file";

/// Puts text behind `out`, escaped for XML.
inline void put_escaped(std::string &out, std::string_view text, bool in_attribute = false) {
  for (const char c : text) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '\r':
        out += "&#13;";
        break;
      case '"':
        out += in_attribute ? "&quot;" : "\"";
        break;
      case '\n':
        out += in_attribute ? "&#10;" : "\n";
        break;
      case '\t':
        out += in_attribute ? "&#9;" : "\t";
        break;
      default:
        out += c;
    }
}

/// " name="value"".
inline void put_attribute(std::string &out, std::string_view name, std::string_view value) {
  ((out += ' ') += name) += "=\"";
  put_escaped(out, value, true);
  out += '"';
}

}  // namespace calque::tm

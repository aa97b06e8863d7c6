// SPDX-License-Identifier: Apache-2.0
// Stretches without markup are appended whole: most text has none.
#include "plugins/common/page/markup.hpp"

#include "plugins/common/edition.hpp"

#include <algorithm>

namespace edition {

bool escape(std::string_view text, std::string &to, bool is_xml) {
  // A lambda and no function: each letter is asked.
  const auto is_markup = [is_xml](char c) {
    return c == '&' || c == '<' || c == '>' || c == '"' || (c == '\r' && is_xml);
  };
  std::string replaced;
  const bool had_forbidden = replace_forbidden(text, replaced);
  for (std::string_view rest = replaced;;) {
    const auto plain = static_cast<size_t>(std::find_if(rest.begin(), rest.end(), is_markup) - rest.begin());
    to += rest.substr(0, plain);
    if (plain == rest.size()) return had_forbidden;
    switch (rest[plain]) {
      case '&':
        to += "&amp;";
        break;
      case '<':
        to += "&lt;";
        break;
      case '>':
        to += "&gt;";
        break;
      case '"':
        to += "&quot;";
        break;
      default:
        to += "&#13;";
    }
    rest.remove_prefix(plain + 1);
  }
}

std::string attribute(std::string_view name, std::string_view value, bool is_xml) {
  std::string made = " " + std::string(name) + "=\"";
  const size_t begin = made.size();
  escape(value, made, is_xml);
  if (is_xml)
    for (size_t at = begin; (at = made.find_first_of("\n\t", at)) != std::string::npos;)
      made.replace(at, 1, made[at] == '\n' ? "&#10;" : "&#9;");
  return made + "\"";
}

std::string language_attribute(std::string_view tag, bool is_xml) {
  if (!is_language_tag(tag)) return {};
  return (is_xml ? attribute("xml:lang", tag, true) : std::string()) + attribute("lang", tag, is_xml);
}

bool put_direction(calque::node n, std::string &attributes) {
  const auto direction = n.attr("dir");
  if (!direction || (*direction != "ltr" && *direction != "rtl" && *direction != "auto")) return false;
  if (const size_t own = attributes.find(" dir="); own != std::string::npos) attributes.erase(own);
  attributes += attribute("dir", *direction, false);
  return true;
}

}  // namespace edition

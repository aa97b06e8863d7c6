// SPDX-License-Identifier: Apache-2.0
// Stretches without markup are appended whole: most text has none.
#include "plugins/common/page/markup.hpp"

#include "plugins/common/edition.hpp"

#include <algorithm>

namespace edition {

bool escape(std::string_view text, std::string &to) {
  // A lambda and no function: each letter is asked.
  constexpr auto is_markup = [](char c) { return c == '&' || c == '<' || c == '>' || c == '"'; };
  std::string replaced;
  const bool had_forbidden = replace_forbidden(text, replaced);
  for (std::string_view rest = replaced;;) {
    const auto plain = static_cast<size_t>(std::find_if(rest.begin(), rest.end(), is_markup) - rest.begin());
    to += rest.substr(0, plain);
    if (plain == rest.size()) return had_forbidden;
    const char sign = rest[plain];
    to += sign == '&' ? "&amp;" : sign == '<' ? "&lt;" : sign == '>' ? "&gt;" : "&quot;";
    rest.remove_prefix(plain + 1);
  }
}

std::string attribute(std::string_view name, std::string_view value) {
  std::string made = " " + std::string(name) + "=\"";
  escape(value, made);
  return made + "\"";
}

std::string language_attribute(std::string_view tag, bool is_xml) {
  if (!is_language_tag(tag)) return {};
  return (is_xml ? attribute("xml:lang", tag) : std::string()) + attribute("lang", tag);
}

bool put_direction(calque::node n, std::string &attributes) {
  const auto direction = n.attr("dir");
  if (!direction || (*direction != "ltr" && *direction != "rtl" && *direction != "auto")) return false;
  if (const size_t own = attributes.find(" dir="); own != std::string::npos) attributes.erase(own);
  attributes += attribute("dir", *direction);
  return true;
}

}  // namespace edition

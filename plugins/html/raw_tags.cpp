// SPDX-License-Identifier: Apache-2.0
// A tag is known by its name alone, whatever its case and its attributes are.
#include "raw_tags.hpp"

#include <algorithm>

namespace html {
namespace {

constexpr std::string_view disallowed[] = {"iframe", "noembed", "noframes", "plaintext", "script",
                                           "style",  "textarea", "title",   "xmp"};

/// `text` follows the "<".
bool is_disallowed(std::string_view text) {
  if (text.starts_with('/')) text.remove_prefix(1);
  return std::any_of(std::begin(disallowed), std::end(disallowed), [&](std::string_view name) {
    if (text.size() < name.size()) return false;
    for (size_t k = 0; k < name.size(); ++k)
      if ((text[k] | 0x20) != name[k]) return false;
    return text.size() == name.size() || std::string_view(" \t\n\f\r/>").find(text[name.size()]) != std::string_view::npos;
  });
}

}  // namespace

bool append_filtered(std::string &to, std::string_view whole, size_t begin, size_t end) {
  bool found = false;
  for (size_t k = begin; k < end; ++k) {
    const bool is_tag = whole[k] == '<' && is_disallowed(whole.substr(k + 1));
    found = found || is_tag;
    if (is_tag)
      to += "&lt;";
    else
      to += whole[k];
  }
  return found;
}

}  // namespace html

// SPDX-License-Identifier: Apache-2.0
// A string as JSON writes it, the same in every exporter.
#pragma once

#include <string>
#include <string_view>

namespace edition {

/// Adds the text to `out` in quotation marks. UTF-8 stays as it is; controls are escaped.
inline void add_json_string(std::string &out, std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  out += '"';
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (c == '\n')
      out += "\\n";
    else if (byte < 0x20 || byte == 0x7F)
      out += {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
    else
      out += c;
  }
  out += '"';
}

}  // namespace edition

// SPDX-License-Identifier: Apache-2.0
// The text of an XML file in the making: tags, attributes, and what must be escaped. The TEI exporters share it.
#pragma once

#include "plugins/common/edition.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace edition {

class xml_text {
 protected:
  void start(std::string_view element, std::string_view attributes = {}) {
    out_ += '<';
    out_ += element;
    out_ += attributes;
    out_ += '>';
  }
  void end(std::string_view element) {
    out_ += "</";
    out_ += element;
    out_ += '>';
  }
  /// Writes text with what cannot stand replaced; true when there was such a character.
  bool escape(std::string_view text, bool is_attribute = false) {
    std::string replaced;
    const bool had_forbidden = replace_forbidden(text, replaced);
    const auto is_markup = [&](char c) {
      return c == '&' || c == '<' || c == '>' || (is_attribute && (c == '"' || c == '\n' || c == '\t'));
    };
    for (std::string_view rest = replaced;;) {
      const auto plain = static_cast<size_t>(std::find_if(rest.begin(), rest.end(), is_markup) - rest.begin());
      out_ += rest.substr(0, plain);
      if (plain == rest.size()) return had_forbidden;
      switch (rest[plain]) {
        case '&': out_ += "&amp;"; break;
        case '<': out_ += "&lt;"; break;
        case '>': out_ += "&gt;"; break;
        case '"': out_ += "&quot;"; break;
        case '\n': out_ += "&#10;"; break;
        default: out_ += "&#9;";
      }
      rest.remove_prefix(plain + 1);
    }
  }
  /// An attribute with a blank before it.
  std::string attribute(std::string_view name, std::string_view value) {
    std::string before = std::move(out_);
    out_.clear();
    escape(value, true);
    std::string made = " " + std::string(name) + "=\"" + out_ + "\"";
    out_ = std::move(before);
    return made;
  }

  std::string out_;
};

}  // namespace edition

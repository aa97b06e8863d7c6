// SPDX-License-Identifier: Apache-2.0
// The text of an XML file in the making: tags, attributes, and what must be escaped. The TEI exporters share it.
#pragma once

#include "plugins/common/edition.hpp"

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
    for (char c : replaced) {
      if (c == '&')
        out_ += "&amp;";
      else if (c == '<')
        out_ += "&lt;";
      else if (c == '>')
        out_ += "&gt;";
      else if (is_attribute && c == '"')
        out_ += "&quot;";
      else if (is_attribute && (c == '\n' || c == '\t'))
        out_ += c == '\n' ? "&#10;" : "&#9;";
      else
        out_ += c;
    }
    return had_forbidden;
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

// SPDX-License-Identifier: Apache-2.0
// Text, numbers and elements of a page of HTML.
#include "host/records/html_text.hpp"

#include <fmt/format.h>

#include "host/records/shown_units.hpp"
#include "host/document/document.hpp"
#include "host/pipeline/source_text.hpp"

namespace calque::host {

std::string html(std::string_view untrusted) {
  std::string text;
  for (const char c : show_text(untrusted)) switch (c) {
      case '&':
        text += "&amp;";
        break;
      case '<':
        text += "&lt;";
        break;
      case '>':
        text += "&gt;";
        break;
      case '"':
        text += "&quot;";
        break;
      case '\'':
        text += "&#39;";
        break;
      default:
        text += c;
    }
  return text;
}

std::string html_name(std::string_view untrusted) {
  return "<bdi>" + html(untrusted) + "</bdi>";
}

std::string html_command(std::string_view line) {
  return "<code class=\"command\">" + html(line) + "</code>";
}

std::string html_count(std::uint64_t count) {
  return fmt::format("<data value=\"{}\">{}</data>", count, show_count(count));
}

std::string html_duration(double ms) {
  return fmt::format("<data value=\"{:.6g}\">{}</data>", ms, show_duration(ms));
}

std::string html_size(std::uint64_t bytes) {
  return fmt::format("<data value=\"{}\">{}</data>", bytes, show_size(bytes));
}

std::string html_section(std::string_view id, std::string_view title, std::string_view content) {
  return fmt::format("<section id=\"{0}\" aria-labelledby=\"h-{0}\">\n<h2 id=\"h-{0}\">{1}</h2>\n{2}</section>\n", id,
                     title, content);
}

std::string policy_source(std::string_view content) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const sha256_digest digest = sha256_of(content);
  std::string text = "'sha256-";
  for (std::size_t k = 0; k < digest.size(); k += 3) {
    const std::size_t left = digest.size() - k;
    const auto byte = [&](std::size_t n) { return n < left ? static_cast<std::uint32_t>(digest[k + n]) : 0U; };
    const std::uint32_t bits = byte(0) << 16 | byte(1) << 8 | byte(2);
    for (std::size_t n = 0; n < 4; ++n) text += n <= left ? digits[bits >> (18 - 6 * n) & 63] : '=';
  }
  return text + "'";
}

}  // namespace calque::host

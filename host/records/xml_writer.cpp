// SPDX-License-Identifier: Apache-2.0
// Well-formed XML, element by element, straight into a file: what is written needs no memory any more.
#include "host/records/xml_writer.hpp"

#include <fmt/format.h>
#include <unicode/utf8.h>

#include <cassert>
#include <cstdint>

namespace calque::host {
namespace {

/// The characters of XML 1.0. Of C1 only NEL is common in text; as plain bytes all of them are allowed.
bool is_xml_char(UChar32 c) {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
         (c >= 0x10000 && c <= 0x10FFFF);
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string out;
  const auto size = static_cast<std::int64_t>(text.size());
  for (std::int64_t at = 0; at < size;) {
    const std::int64_t begin = at;
    UChar32 c = 0;
    U8_NEXT(text.data(), at, size, c);
    const std::string_view bytes = text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(at - begin));
    if (c < 0) {
      for (const char byte : bytes) out += fmt::format("⟨0x{:02X}⟩", static_cast<unsigned char>(byte));
    } else if (!is_xml_char(c)) {
      out += fmt::format("⟨U+{:04X}⟩", static_cast<std::uint32_t>(c));
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\r' || c == '\n' || c == '\t') {
      out += fmt::format("&#{};", c);  // a reader would make blanks of them in an attribute, and of \r\n a \n
    } else {
      out += bytes;
    }
  }
  return out;
}

xml_writer::xml_writer(durable_file &into) : into_(into) {
  line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
}

std::string xml_writer::tag(std::string_view name, attributes with) {
  std::string text = fmt::format("<{}", name);
  for (const auto &[key, value] : with) text += fmt::format(" {}=\"{}\"", key, xml_text(value));
  return text + ">";
}

void xml_writer::line(std::string_view bytes) {
  if (failed_) return;
  if (auto written = into_.write(fmt::format("{:{}}{}\n", "", 2 * open_.size(), bytes)); !written.has_value())
    failed_ = written.error();
}

void xml_writer::begin(std::string_view name, attributes with) {
  line(tag(name, with));
  open_.emplace_back(name);
}

void xml_writer::end() {
  const std::string name = std::move(open_.back());
  open_.pop_back();
  line(fmt::format("</{}>", name));
}

void xml_writer::add(std::string_view name, std::string_view text, attributes with) {
  line(fmt::format("{}{}</{}>", tag(name, with), xml_text(text), name));
}

result<void> xml_writer::finish() {
  assert(open_.empty());
  if (failed_) return *failed_;
  return {};
}

}  // namespace calque::host

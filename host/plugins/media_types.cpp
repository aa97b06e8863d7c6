// SPDX-License-Identifier: Apache-2.0
// The marks of formats, and the extensions of names.
#include "host/plugins/media_types.hpp"

#include <utility>

namespace calque::host {
namespace {

struct content_mark {
  std::string_view bytes, media_type, what;
};
using namespace std::string_view_literals;

constexpr content_mark content_marks[] = {
    {"%PDF-"sv, "application/pdf", "a PDF"},
    {"PK\x03\x04"sv, "application/zip", "a ZIP archive (DOCX, ODT and EPUB are such)"},
    {"PK\x05\x06"sv, "application/zip", "a ZIP archive without files"},
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "application/x-ole-storage", "an old Office document"},
    {"\x1F\x8B"sv, "application/gzip", "gzip data"},
    {"\xFD"
     "7zXZ\0"sv,
     "application/x-xz", "xz data"},
    {"\x28\xB5\x2F\xFD"sv, "application/zstd", "zstd data"},
    {"\x89PNG\r\n\x1A\n"sv, "image/png", "a PNG image"},
    {"\xFF\xD8\xFF"sv, "image/jpeg", "a JPEG image"},
    {"GIF8"sv, "image/gif", "a GIF image"},
    {"II*\0"sv, "image/tiff", "a TIFF image"},
    {"MM\0*"sv, "image/tiff", "a TIFF image"},
    {"\x7F"
     "ELF"sv,
     "application/x-elf", "a program"},
    {"{\\rtf"sv, "application/rtf", "an RTF document"},
    {"<?xml"sv, "application/xml", "XML"},
    {"\xEF\xBB\xBF<?xml"sv, "application/xml", "XML"},
};

constexpr std::pair<std::string_view, std::string_view> extensions[] = {
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"eml", "message/rfc822"},
    {"epub", "application/epub+zip"},
    {"htm", "text/html"},
    {"html", "text/html"},
    {"json", "application/json"},
    {"mbox", "application/mbox"},
    {"md", "text/markdown"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"pdf", "application/pdf"},
    {"rtf", "application/rtf"},
    {"text", "text/plain"},
    {"txt", "text/plain"},
    {"xhtml", "application/xhtml+xml"},
    {"xml", "application/xml"},
    {"zip", "application/zip"},
};

}  // namespace

std::string_view media_type_of_content(std::string_view head) {
  for (const content_mark &mark : content_marks)
    if (head.starts_with(mark.bytes)) return mark.media_type;
  return {};
}

std::string_view media_type_of_name(std::string_view name) {
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return {};
  std::string extension(name.substr(dot + 1));
  for (char &c : extension)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  for (const auto &[known, media_type] : extensions)
    if (extension == known) return media_type;
  return {};
}

std::string media_type_of(std::string_view name, std::string_view head) {
  const std::string_view by_content = media_type_of_content(head), by_name = media_type_of_name(name);
  // An extension may say more than a mark does: a DOCX is a ZIP, XHTML is XML. It never says less than nothing.
  const bool is_container = by_content == "application/zip" || by_content == "application/xml";
  return std::string(by_content.empty() || (is_container && !by_name.empty()) ? by_name : by_content);
}

std::string describe_content(std::string_view head) {
  for (const content_mark &mark : content_marks)
    if (head.starts_with(mark.bytes)) return std::string(mark.what);
  return head.substr(0, 4096).find('\0') != std::string_view::npos ? "binary data" : "text";
}

}  // namespace calque::host

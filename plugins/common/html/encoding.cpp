// SPDX-License-Identifier: Apache-2.0
// The encoding that a file declares, in the order in which browsers believe: mark, transport, <meta>, XML declaration.
#include "plugins/common/html/reader.hpp"

#include "plugins/common/html/markup.hpp"
#include "plugins/common/html/tree.hpp"

#include <unicode/ucnv.h>

namespace calque::plugins {

namespace {

using html_reading::lower;
using html_reading::trimmed;

constexpr size_t head_size = 4096;

/// The value behind "charset" in a list of parameters.
std::string charset_in(std::string_view text) {
  const std::string low = lower(text);
  for (size_t at = low.find("charset"); at != std::string::npos; at = low.find("charset", at + 7)) {
    size_t k = at + 7;
    while (k < text.size() && html_reading::is_space(text[k])) ++k;
    if (k == text.size() || text[k] != '=') continue;
    ++k;
    while (k < text.size() && (html_reading::is_space(text[k]) || text[k] == '"' || text[k] == '\'')) ++k;
    const size_t end = text.find_first_of("\"' ;,>/\t\r\n", k);
    return std::string(text.substr(k, end == std::string_view::npos ? end : end - k));
  }
  return {};
}

/// What `<meta charset>` or `<meta http-equiv>` in the head says.
std::string charset_of_meta(std::string_view head) {
  html_reading::tokens cut(head);
  for (html_reading::token t{}; cut.next(t);)
    if (t.kind == html_reading::token_kind::tag && html_reading::same_word(t.name, "meta"))
      if (std::string name = charset_in(head.substr(t.begin, t.end - t.begin)); !name.empty()) return name;
  return {};
}

std::string encoding_of_xml(std::string_view head) {
  if (!head.starts_with("<?xml")) return {};
  const std::string_view declaration = head.substr(0, head.find("?>"));
  const size_t at = declaration.find("encoding");
  if (at == std::string_view::npos) return {};
  const size_t begin = declaration.find_first_of("\"'", at);
  if (begin == std::string_view::npos) return {};
  const size_t end = declaration.find(declaration[begin], begin + 1);
  return end == std::string_view::npos ? std::string() : std::string(declaration.substr(begin + 1, end - begin - 1));
}

bool is_utf8(std::string_view bytes, bool &has_others) {
  for (size_t at = 0; at < bytes.size();) {
    const auto c = static_cast<unsigned char>(bytes[at]);
    const size_t size = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xf0 && c < 0xf5 ? 4 : 0;
    if (size == 0 || at + size > bytes.size()) return false;
    for (size_t k = 1; k < size; ++k)
      if ((static_cast<unsigned char>(bytes[at + k]) & 0xc0) != 0x80) return false;
    has_others = has_others || size > 1;
    at += size;
  }
  return true;
}

/// Zero bytes in what begins as a page, a byte a character, are damage, and browsers pass over them.
bool is_damaged_page(std::string_view bytes) {
  const std::string head = lower(trimmed(bytes.substr(0, 256)));
  return head.starts_with('<') && head.find("html") != std::string::npos && bytes.find('\0') != std::string_view::npos;
}

html_encoding find_declared(std::string_view bytes, std::string_view media_type) {
  for (std::string_view mark : {"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"})
    if (bytes.starts_with(mark)) return {"auto", {}};
  std::string label = charset_in(media_type);
  if (label.empty()) label = charset_of_meta(bytes.substr(0, head_size));
  if (label.empty()) label = encoding_of_xml(bytes.substr(0, head_size));
  if (label.empty()) return {"auto", {}};
  label = html_reading::valid(label);
  std::string name = lower(trimmed(label));
  // What pages call Latin-1 is windows-1252, for every browser. UTF-16 cannot be what a readable label stands in.
  for (std::string_view latin : {"iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "l1", "us-ascii", "ascii", "cp819"})
    if (name == latin) name = "windows-1252";
  if (name == "x-user-defined") name = "windows-1252";
  if (name == "iso-8859-9" || name == "latin5") name = "windows-1254";
  if (name == "gb2312" || name == "gbk" || name == "x-gbk" || name == "gb_2312-80") name = "GB18030";
  if (name == "ks_c_5601-1987" || name == "euc-kr" || name == "korean") name = "windows-949";
  if (name == "shift_jis" || name == "sjis" || name == "x-sjis" || name == "shift-jis") name = "windows-31j";
  if (name == "utf8" || name == "unicode-1-1-utf-8") name = "utf-8";
  if (name.starts_with("utf-16") || name.starts_with("utf-32") || name == "unicode" || name == "ucs-2")
    return {"auto", "it says \"" + label + "\", in which the label itself could not be read"};
  UErrorCode status = U_ZERO_ERROR;
  UConverter *converter = ucnv_open(name.c_str(), &status);
  if (U_FAILURE(status)) return {"auto", "it says \"" + label + "\", which is no known encoding"};
  const UConverterType type = ucnv_getType(converter);
  ucnv_close(converter);
  if (type == UCNV_UTF7 || type == UCNV_SCSU || type == UCNV_BOCU1 || type == UCNV_HZ || type == UCNV_IMAP_MAILBOX)
    return {"auto", "it says \"" + label + "\", which no browser reads"};
  bool has_others = false;
  const bool utf8 = is_utf8(bytes, has_others);
  if (name == "utf-8") {
    if (!utf8) return {"auto", "it says \"" + label + "\", but holds bytes that are none"};
    return {"UTF-8", {}};
  }
  if (utf8 && has_others) return {"UTF-8", "it says \"" + label + "\", but all of it is UTF-8"};
  return {name, {}};
}

}  // namespace

html_encoding find_html_encoding(std::string_view bytes, std::string_view media_type) {
  html_encoding found = find_declared(bytes, media_type);
  if (found.name != "auto" || !is_damaged_page(bytes)) return found;
  bool has_others = false;
  found.name = is_utf8(bytes, has_others) ? "UTF-8" : "windows-1252";
  if (found.doubt.empty()) found.doubt = "it says nothing of it";
  found.doubt += "; it holds zero bytes, which no text has, and was read as " + found.name;
  return found;
}

}  // namespace calque::plugins

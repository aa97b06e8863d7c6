// SPDX-License-Identifier: Apache-2.0
// RFC 2047, unfolding, and what to do with bytes that follow neither.
#include "plugins/eml/header_text.hpp"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "plugins/common/characters.hpp"
#include "plugins/eml/ascii.hpp"
#include "plugins/eml/transfer.hpp"

namespace calque::plugins::mail {
namespace {

using std::string;
using std::string_view;

/// =?charset?B?text?=
struct encoded_word {
  string charset, bytes;
  size_t end;  // in the value
};

std::optional<encoded_word> read_encoded_word(string_view value, size_t at) {
  if (value.substr(at, 2) != "=?") return std::nullopt;
  // RFC 2047 allows 75 characters; looking further for an end would take all of a long value, again and again.
  value = value.substr(0, at + 2000);
  const size_t charset_end = value.find('?', at + 2);
  if (charset_end == value.npos || charset_end + 2 >= value.size() || value[charset_end + 2] != '?') return std::nullopt;
  const char how = static_cast<char>(value[charset_end + 1] | 0x20);
  const size_t text = charset_end + 3, end = value.find("?=", text);
  if (end == value.npos || (how != 'b' && how != 'q')) return std::nullopt;
  encoded_word word;
  // RFC 2231 puts a language behind the charset.
  word.charset = value.substr(at + 2, charset_end - at - 2);
  word.charset = word.charset.substr(0, word.charset.find('*'));
  const string_view inside = value.substr(text, end - text);
  if (how == 'b') {
    uint64_t faults = 0;
    word.bytes = decode_base64(inside, faults);
  } else {
    string as_body(inside);
    std::replace(as_body.begin(), as_body.end(), '_', ' ');
    // A blank at the end is part of the word here, and padding in a body.
    word.bytes = read_body(as_body + "=20", 0, as_body.size() + 3, transfer::quoted_printable, from_quoting::none).bytes();
    word.bytes.pop_back();
  }
  word.end = end + 2;
  return word;
}

}  // namespace

bool is_plain_utf8(string_view bytes) {
  for (size_t at = 0; at < bytes.size();) {
    const size_t begin = at;
    const char32_t c = next_character(bytes, at);
    if (c == 0 || (c == 0xfffd && bytes.substr(begin, at - begin) != "\xef\xbf\xbd")) return false;
  }
  return true;
}

string to_utf8(string_view bytes, string_view charset, bool *fits) {
  if (fits != nullptr) *fits = true;
  const string name = lower_ascii(charset);
  const bool is_ascii_label = name.empty() || name == "us-ascii" || name == "ascii" || name == "utf-8" || name == "utf8";
  if (is_ascii_label && is_plain_utf8(bytes)) return string(bytes);
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(
      is_ascii_label ? nullptr : ucnv_open(name.c_str(), &status), ucnv_close);
  if (converter == nullptr || U_FAILURE(status)) {
    if (fits != nullptr) *fits = false;
    if (is_plain_utf8(bytes)) return string(bytes);
    status = U_ZERO_ERROR;
    converter.reset(ucnv_open("windows-1252", &status));
    if (U_FAILURE(status)) return string();
  }
  string text;
  const char *at = bytes.data(), *end = at + bytes.size();
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  while (at < end) {
    const char *const from = at;
    status = U_ZERO_ERROR;
    auto c = static_cast<char32_t>(ucnv_getNextUChar(converter.get(), &at, end, &status));
    if (status == U_INDEX_OUTOFBOUNDS_ERROR) break;
    if (U_FAILURE(status) || c == 0) {
      c = 0xfffd;
      if (fits != nullptr) *fits = false;
      at = std::max(at, from + 1);
    }
    append(text, c);
  }
  return text;
}

string header_text::whole() const {
  string all;
  for (const header_piece &piece : pieces) all += piece.text;
  return all;
}

header_text read_header_text(string_view all, uint64_t begin, uint64_t end) {
  header_text out;
  const string_view value = all.substr(begin, end - begin);
  const bool is_utf8 = is_plain_utf8(value);
  const auto literal = [&](size_t from, size_t to) {
    if (from == to) return;
    const string_view bytes = value.substr(from, to - from);
    const bool is_plain = is_utf8 || is_plain_utf8(bytes);
    out.has_raw_bytes |= !is_plain;
    out.pieces.push_back({is_plain ? string(bytes) : to_utf8(bytes, "windows-1252"), begin + from, begin + to});
  };
  size_t from = 0;
  for (size_t at = 0; at < value.size();) {
    if (value[at] == '\r' || value[at] == '\n') {
      literal(from, at);
      const size_t fold = at;
      while (at < value.size() && is_ascii_gap(value[at])) ++at;
      out.pieces.push_back({" ", begin + fold, begin + at, header_piece::sort::fold});
      from = at;
      continue;
    }
    auto word = read_encoded_word(value, at);
    if (!word) {
      ++at;
      continue;
    }
    literal(from, at);
    const size_t word_begin = at;
    string bytes = word->bytes, charset = word->charset;
    at = word->end;
    // Neighbours are one text, without the blanks between them; a character may begin in one and end in the next.
    string text;
    bool fits = true, all_fit = true;
    for (;;) {
      size_t ahead = at;
      while (ahead < value.size() && is_ascii_gap(value[ahead])) ++ahead;
      const auto next = read_encoded_word(value, ahead);
      if (!next) break;
      if (!equal_ascii(next->charset, charset)) {
        text += to_utf8(bytes, charset, &fits);
        all_fit &= fits;
        bytes.clear();
        charset = next->charset;
      }
      bytes += next->bytes;
      at = next->end;
    }
    text += to_utf8(bytes, charset, &fits);
    out.has_odd_charset |= !(all_fit && fits);
    std::replace_if(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
    out.pieces.push_back({std::move(text), begin + word_begin, begin + at});
    from = at;
  }
  literal(from, value.size());
  return out;
}

string plain_words(string_view value) {
  return read_header_text(value, 0, value.size()).whole();
}

}  // namespace calque::plugins::mail

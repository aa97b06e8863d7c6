// SPDX-License-Identifier: Apache-2.0
// Cuts segments into tokens by Unicode properties, never by locale. ICU is asked where a character is not ASCII.
#include "translation_memory/tokens.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>
#include <xxhash.h>

#include <algorithm>
#include <stdexcept>

namespace calque::tm {
namespace {

enum class sort : std::uint8_t { none, word, apostrophe, alone, sign };

bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

UChar32 next(std::string_view text, std::size_t &at) {
  const auto *bytes = reinterpret_cast<const std::uint8_t *>(text.data()) + at;
  const auto length = static_cast<std::int32_t>(std::min<std::size_t>(text.size() - at, 4));
  std::int32_t used = 0;
  UChar32 c = 0;
  U8_NEXT(bytes, used, length, c);
  at += static_cast<std::size_t>(used);
  return c;
}

void append(std::string &text, UChar32 c) {
  std::uint8_t bytes[4];
  std::int32_t count = 0;
  U8_APPEND_UNSAFE(bytes, count, c);
  text.append(reinterpret_cast<const char *>(bytes), static_cast<std::size_t>(count));
}

bool is_gap(UChar32 c) {
  return u_isUWhiteSpace(c) != 0;
}

/// Scripts that leave no gaps between words, and hangul, whose words are long and change at their ends.
bool stands_alone(UChar32 c) {
  if (c < 0xe00) return false;
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(c, &status)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_HANGUL:
    case USCRIPT_BOPOMOFO:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
    case USCRIPT_TIBETAN:
      return true;
    default:
      return false;
  }
}

sort sort_of(UChar32 c) {
  if (c < 0x80) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) return sort::word;
    return c == '\'' ? sort::apostrophe : c <= ' ' || c == 0x7f ? sort::none : sort::sign;
  }
  const std::uint32_t of = U_GET_GC_MASK(c);
  if ((of & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0)
    return stands_alone(c) && (of & U_GC_N_MASK) == 0 ? sort::alone : sort::word;
  return (of & (U_GC_Z_MASK | U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CN_MASK)) != 0 ? sort::none : sort::sign;
}

const icu::Normalizer2 &nfc() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2 *found = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) throw std::runtime_error("ICU has no data for NFC");
  return *found;
}

/// Puts the NFC form of a text behind `out`.
void put_nfc(std::string_view text, std::string &out) {
  if (is_ascii(text)) {
    out.append(text);
    return;
  }
  UErrorCode status = U_ZERO_ERROR;
  icu::StringByteSink<std::string> sink(&out);
  nfc().normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink, nullptr, status);
  if (U_FAILURE(status))
    throw std::runtime_error(std::string("ICU cannot normalize a segment: ") + u_errorName(status));
}

/// Folds case, and the apostrophes that printers set into the one of typewriters. Folding may undo NFC for a few
/// letters; those stay as it leaves them, on both sides of a comparison.
void fold(std::string &text) {
  if (is_ascii(text)) {
    for (char &c : text)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return;
  }
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const UChar32 c = next(text, at);
    append(out, c < 0 ? 0xfffd : c == 0x2019 || c == 0x2bc ? '\'' : u_foldCase(c, U_FOLD_CASE_DEFAULT));
  }
  text = std::move(out);
}

}  // namespace

template <class Take>
void tokenizer::each(std::string_view text, Take &&take) {
  normal_.clear();
  put_nfc(text, normal_);
  fold(normal_);
  const std::string_view all = normal_;
  std::size_t begin = 0, end = 0;     // the token that is open
  bool open = false, joined = false;  // joined: an apostrophe behind it, which belongs to it when a letter follows
  sort what = sort::none;
  const auto close = [&] {
    if (open) take(all.substr(begin, end - begin));
    if (joined) take(std::string_view("'"));
    open = joined = false;
  };
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t from = at;
    const UChar32 c = next(all, at);
    const sort is = sort_of(c);
    const bool is_mark = is != sort::sign && is != sort::none && c >= 0x300 && (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
    if (open && !joined && ((is == sort::word && what == sort::word) || (is_mark && what != sort::sign))) {
      end = at;
    } else if (open && joined && is == sort::word) {
      end = at;
      joined = false;
    } else if (open && !joined && what == sort::word && is == sort::apostrophe) {
      joined = true;
    } else {
      close();
      if (is == sort::none) continue;
      if (is == sort::apostrophe) {
        take(std::string_view("'"));
        continue;
      }
      open = true, begin = from, end = at, what = is;
      if (is == sort::sign) close();
    }
  }
  close();
}

const std::vector<std::uint64_t> &tokenizer::cut(std::string_view text) {
  digests_.clear();
  each(text, [this](std::string_view token) { digests_.push_back(XXH3_64bits(token.data(), token.size())); });
  return digests_;
}

std::string tokenizer::show(std::string_view text) {
  std::string out;
  each(text, [&out](std::string_view token) { (out += out.empty() ? "" : "|") += token; });
  return out;
}

std::string exact_form(std::string_view text) {
  std::string normal, out;
  put_nfc(text, normal);
  bool gap = false;
  for (std::size_t at = 0; at < normal.size();) {
    const std::size_t from = at;
    if (is_gap(next(normal, at))) {
      gap = !out.empty();
      continue;
    }
    if (gap) out += ' ';
    gap = false;
    out.append(normal, from, at - from);
  }
  return out;
}

bool is_utf8(std::string_view text) {
  if (is_ascii(text)) return true;
  for (std::size_t at = 0; at < text.size();)
    if (next(text, at) < 0) return false;
  return true;
}

}  // namespace calque::tm

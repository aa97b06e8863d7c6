// SPDX-License-Identifier: Apache-2.0
// Cuts text into tokens and folds them: ASCII by itself, most letters by a table, the rest by ICU.
#include "plugins/glossary/tokens.hpp"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "plugins/common/characters.hpp"

namespace calque::glossary {
namespace {

using plugins::next_character;

const icu::Normalizer2 &nfc() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2 *found = icu::Normalizer2::getNFCInstance(status);
  if (found == nullptr) throw std::runtime_error(std::string("ICU has no NFC: ") + u_errorName(status));
  return *found;
}

// Letters of ASCII in lower case, digits as they are, 0 for all else.
constexpr auto ascii_words = [] {
  std::array<char, 128> table{};
  for (char c = '0'; c <= '9'; ++c) table[static_cast<size_t>(c)] = c;
  for (char c = 'a'; c <= 'z'; ++c) table[static_cast<size_t>(c)] = table[static_cast<size_t>(c - 32)] = c;
  return table;
}();

}  // namespace

bool token_reader::is_only_line_end(uint32_t begin, uint32_t end) const {
  if (!after_elastic_ || at_ >= end_) return false;
  const auto found = std::lower_bound(soft_breaks_.begin(), soft_breaks_.end(), begin);
  if (found == soft_breaks_.end() || *found >= end) return false;
  size_t ahead = at_;
  return letters_.of(next_character(text_, ahead)).is_elastic;
}

bool token_reader::next(token &out) {
  while (at_ < end_) {
    out.begin = at_;
    const auto byte = static_cast<unsigned char>(text_[at_]);
    if (byte < 0x80 && ascii_words[byte] != 0) return read_word(out);
    size_t ahead = at_;
    const char32_t c = next_character(text_, ahead);
    const letter l = letters_.of(c);
    switch (l.kind) {
      case letter_kind::word:
      case letter_kind::alone:
        return read_word(out);
      case letter_kind::nothing:
        at_ = static_cast<uint32_t>(ahead);
        continue;
      case letter_kind::blank:
        while (ahead < end_) {
          size_t after = ahead;
          const letter_kind kind = letters_.of(next_character(text_, after)).kind;
          if (kind != letter_kind::blank && kind != letter_kind::nothing) break;
          ahead = after;
        }
        at_ = static_cast<uint32_t>(ahead);
        if (is_only_line_end(out.begin, at_)) continue;
        out.kind = token_kind::blank;
        break;
      case letter_kind::line_end:
        at_ = static_cast<uint32_t>(ahead);
        out.kind = token_kind::line_end;
        break;
      case letter_kind::mark:  // without a letter before it
      case letter_kind::sign:
        at_ = static_cast<uint32_t>(ahead);
        out.kind = token_kind::sign;
        break;
    }
    out.end = at_;
    after_elastic_ = false;
    if (out.kind != token_kind::sign) {
      out.key = {};
      return true;
    }
    int32_t size = 0;
    U8_APPEND_UNSAFE(reinterpret_cast<uint8_t *>(buffer_), size, l.folded);
    out.key = {buffer_, static_cast<size_t>(size)};
    return true;
  }
  return false;
}

// At a letter. The key grows in the buffer; what does not fit is read to its end all the same.
bool token_reader::read_word(token &out) {
  size_t size = 0, at = at_;
  bool is_uneven = false, is_stacked = false, is_alone = false, is_elastic = false;
  uint32_t end = at_;
  while (at < end_) {
    const auto byte = static_cast<unsigned char>(text_[at]);
    if (byte < 0x80) {
      const char folded = ascii_words[byte];
      if (folded == 0 || is_alone) break;
      if (size < longest_word) buffer_[size] = folded;
      ++size;
      end = static_cast<uint32_t>(++at);
      is_stacked = false;
      continue;
    }
    size_t ahead = at;
    const letter l = letters_.of(next_character(text_, ahead));
    if (l.kind == letter_kind::nothing) {  // inside the word, if it goes on
      at = ahead;
      continue;
    }
    if (l.kind == letter_kind::alone && size == 0) {
      is_alone = true;
      is_elastic = l.is_elastic;
    } else if (l.kind != letter_kind::mark && (l.kind != letter_kind::word || is_alone)) {
      break;
    }
    is_uneven |= l.is_uneven || (l.is_stacked && is_stacked);
    is_stacked = l.is_stacked;
    auto length = static_cast<int32_t>(size);
    if (size < longest_word)
      U8_APPEND_UNSAFE(reinterpret_cast<uint8_t *>(buffer_), length, l.folded);
    else
      length += 4;
    size = static_cast<size_t>(length);
    end = static_cast<uint32_t>(at = ahead);
  }
  out.kind = is_alone ? token_kind::alone : token_kind::word;
  out.end = at_ = end;
  out.key = size <= longest_word ? std::string_view(buffer_, size) : std::string_view();
  if (is_uneven && !out.key.empty()) fold_the_long_way(out);
  after_elastic_ = is_elastic;
  return true;
}

void token_reader::fold_the_long_way(token &out) {
  icu::UnicodeString whole;
  for (size_t at = out.begin; at < out.end;) {
    const char32_t c = next_character(text_, at);
    if (letters_.of(c).kind != letter_kind::nothing) whole.append(static_cast<UChar32>(c));
  }
  UErrorCode status = U_ZERO_ERROR;
  whole = nfc().normalize(whole, status);
  whole = nfc().normalize(whole.foldCase(), status);
  long_.clear();
  whole.toUTF8String(long_);
  out.key = U_SUCCESS(status) && long_.size() <= longest_word ? std::string_view(long_) : std::string_view();
}

capitals capitals_of(std::string_view word) {
  capitals found;
  const letters &all = letters::all();
  for (size_t at = 0; at < word.size();) {
    const auto byte = static_cast<unsigned char>(word[at]);
    bool is_capital = false, is_small = false;
    if (byte < 0x80) {
      is_capital = byte >= 'A' && byte <= 'Z';
      is_small = byte >= 'a' && byte <= 'z';
      ++at;
    } else {
      const char32_t c = next_character(word, at);
      const letter_kind kind = all.of(c).kind;
      if (kind == letter_kind::nothing || kind == letter_kind::mark) continue;
      is_capital = plugins::is_upper(c);
      is_small = !is_capital && plugins::is_lower(c);
    }
    if (is_capital && found.count < 64) found.which |= uint64_t{1} << found.count;
    ++found.count;
    found.has_case |= is_capital || is_small;
    found.all &= !is_small;
  }
  return found;
}

}  // namespace calque::glossary

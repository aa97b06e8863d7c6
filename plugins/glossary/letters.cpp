// SPDX-License-Identifier: Apache-2.0
// Asks ICU about every character of the first plane, once a process.
#include "plugins/glossary/letters.hpp"

#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/unorm2.h>

#include "plugins/common/words.hpp"

namespace calque::glossary {
namespace {

letter_kind kind_of(char32_t c) {
  const auto u = static_cast<UChar32>(c);
  if (c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029) return letter_kind::line_end;
  if (plugins::is_blank(c)) return letter_kind::blank;
  if (plugins::is_invisible(c)) return letter_kind::nothing;
  const int32_t breaks = u_getIntPropertyValue(u, UCHAR_LINE_BREAK);
  // Hangul that is written in parts: what follows the first part belongs to its syllable.
  if (breaks == U_LB_JV || breaks == U_LB_JT) return letter_kind::mark;
  if ((U_GET_GC_MASK(u) & U_GC_M_MASK) != 0) return letter_kind::mark;
  if (!plugins::is_word(c)) return letter_kind::sign;
  switch (breaks) {
    case U_LB_COMPLEX_CONTEXT:
    case U_LB_IDEOGRAPHIC:
    case U_LB_CONDITIONAL_JAPANESE_STARTER:
    case U_LB_H2:
    case U_LB_H3:
    case U_LB_JL:
      return letter_kind::alone;
    default:
      return letter_kind::word;
  }
}

char32_t folded_sign(char32_t c) {
  // Hyphens and the short dashes that are put for them; the long dash parts clauses.
  if (c == 0x2010 || c == 0x2011 || c == 0x2012 || c == 0x2013 || c == 0x2212) return '-';
  return plugins::is_apostrophe(c) ? U'\'' : c;
}

}  // namespace

letter letters::look_up(char32_t c) {
  const auto u = static_cast<UChar32>(c);
  letter found;
  found.kind = kind_of(c);
  found.folded = c;
  if (found.kind == letter_kind::sign) found.folded = folded_sign(c);
  if (found.kind == letter_kind::word || found.kind == letter_kind::alone || found.kind == letter_kind::mark) {
    found.folded = static_cast<char32_t>(u_foldCase(u, U_FOLD_CASE_DEFAULT));
    icu::UnicodeString whole(u);
    whole.foldCase();
    found.is_uneven = whole != icu::UnicodeString(static_cast<UChar32>(found.folded)) ||
                      u_getIntPropertyValue(u, UCHAR_NFC_QUICK_CHECK) != UNORM_YES ||
                      (c < plane && found.folded >= plane);
    found.is_stacked = u_getCombiningClass(u) != 0;
    found.is_elastic = found.kind == letter_kind::alone && plugins::is_east_asian(c) &&
                       u_getIntPropertyValue(u, UCHAR_HANGUL_SYLLABLE_TYPE) == U_HST_NOT_APPLICABLE;
  }
  return found;
}

letters::letters() : properties_(plane), folded_(plane) {
  for (char32_t c = 0; c < plane; ++c) {
    const letter found = look_up(c);
    properties_[c] = static_cast<uint8_t>(static_cast<unsigned>(found.kind) | (found.is_uneven ? 8u : 0u) |
                                          (found.is_stacked ? 16u : 0u) | (found.is_elastic ? 32u : 0u));
    folded_[c] = static_cast<char16_t>(found.folded);
  }
}

const letters &letters::all() {
  static const letters found;
  return found;
}

}  // namespace calque::glossary

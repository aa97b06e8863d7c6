// SPDX-License-Identifier: Apache-2.0
// Looks at one stretch between two boundaries at a time, so that what is normal already is left alone.
#include "plugins/unicode/normal_form.hpp"

#include "plugins/common/characters.hpp"

#include <unicode/unistr.h>

#include <stdexcept>

namespace calque::plugins {
namespace {

/// Puts `replacement` for [begin, end), without the characters that both have at their ends.
void add_smallest(std::string_view text, size_t begin, size_t end, std::string replacement,
                  std::vector<text_edit> &edits) {
  size_t same = 0;
  while (begin + same < end && same < replacement.size() && text[begin + same] == replacement[same]) ++same;
  auto inside = [](std::string_view s, size_t at) {
    return at < s.size() && (static_cast<unsigned char>(s[at]) & 0xc0) == 0x80;
  };
  while (same > 0 && (inside(text.substr(0, end), begin + same) || inside(replacement, same))) --same;
  replacement.erase(0, same);
  edits.push_back({begin + same, end, std::move(replacement)});
}

}  // namespace

const icu::Normalizer2 &normalizer_for(normal_form form) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2 *found = nullptr;
  switch (form) {
    case normal_form::nfc:
      found = icu::Normalizer2::getNFCInstance(status);
      break;
    case normal_form::nfd:
      found = icu::Normalizer2::getNFDInstance(status);
      break;
    case normal_form::nfkc:
      found = icu::Normalizer2::getNFKCInstance(status);
      break;
    case normal_form::nfkd:
      found = icu::Normalizer2::getNFKDInstance(status);
      break;
  }
  if (U_FAILURE(status) || found == nullptr) throw std::runtime_error("ICU has no data for normalization forms");
  return *found;
}

std::vector<text_edit> to_normal_form(std::string_view text, const icu::Normalizer2 &form) {
  std::vector<text_edit> edits;
  size_t stretch = 0;  // where the last character began that begins anew whatever stands before it
  bool plain = true;   // nothing in the stretch but what is inert: ASCII, to which nothing was added
  auto settle = [&](size_t end) {
    if (plain || stretch == end) return;
    UErrorCode status = U_ZERO_ERROR;
    const std::string_view bytes = text.substr(stretch, end - stretch);
    const auto given = icu::UnicodeString::fromUTF8(icu::StringPiece(bytes.data(), static_cast<int32_t>(bytes.size())));
    if (form.isNormalized(given, status)) return;
    std::string normal;
    form.normalize(given, status).toUTF8String(normal);
    if (U_SUCCESS(status) && normal != bytes) add_smallest(text, stretch, end, std::move(normal), edits);
  };
  for (size_t at = 0; at < text.size();) {
    const size_t here = at;
    const char32_t c = next_character(text, at);
    if (c < 0x80 || form.hasBoundaryBefore(static_cast<UChar32>(c))) {
      settle(here);
      stretch = here;
      plain = c < 0x80;
    } else {
      plain = false;
    }
  }
  settle(text.size());
  return edits;
}

}  // namespace calque::plugins

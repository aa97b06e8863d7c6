// SPDX-License-Identifier: Apache-2.0
// The smallest edits that bring a text into a normalization form of Unicode.
#pragma once

#include <unicode/normalizer2.h>

#include <string>
#include <string_view>
#include <vector>

namespace calque::plugins {

enum class normal_form { nfc, nfd, nfkc, nfkd };

/// Bytes [begin, end) of a text become `replacement`.
struct text_edit {
  size_t begin, end;
  std::string replacement;
};

/// ICU's own instance, which lives for good.
const icu::Normalizer2 &normalizer_for(normal_form form);

/// Edits in ascending order; none when the text is in that form.
std::vector<text_edit> to_normal_form(std::string_view text, const icu::Normalizer2 &form);

}  // namespace calque::plugins

// SPDX-License-Identifier: Apache-2.0
// Edits give the same text as normalizing the whole, and touch no more than they must.
#include "plugins/unicode/normal_form.hpp"

#include <gtest/gtest.h>

#include <unicode/unistr.h>

namespace calque::plugins {
namespace {

std::string applied(std::string_view text, const std::vector<text_edit> &edits) {
  std::string out;
  size_t at = 0;
  for (const text_edit &e : edits) {
    EXPECT_GE(e.begin, at);
    out += text.substr(at, e.begin - at);
    out += e.replacement;
    at = e.end;
  }
  return out + std::string(text.substr(at));
}

TEST(normal_form, agrees_with_normalizing_the_whole) {
  const char *const texts[] = {
      "",           "abc",   "cafe\xcc\x81 au lait", "\xcc\x81 alone", "e\xcc\xa3\xcc\x82 e\xcc\x82\xcc\xa3",
      "각 각",      "ﬁne ①", "Å Å A\xcc\x8a",        "\xe2\x84\xab",   "ё\xcc\x81 и\xcc\x86",
      "👍🏽 ok"};
  for (const normal_form form : {normal_form::nfc, normal_form::nfd, normal_form::nfkc, normal_form::nfkd})
    for (const char *text : texts) {
      UErrorCode status = U_ZERO_ERROR;
      std::string whole;
      normalizer_for(form).normalize(icu::UnicodeString::fromUTF8(text), status).toUTF8String(whole);
      EXPECT_EQ(applied(text, to_normal_form(text, normalizer_for(form))), whole) << text;
    }
}

TEST(normal_form, touches_only_what_changes) {
  const auto edits = to_normal_form("Le cafe\xcc\x81 noir", normalizer_for(normal_form::nfc));
  ASSERT_EQ(edits.size(), 1u);
  EXPECT_EQ(edits[0].begin, 6u);
  EXPECT_EQ(edits[0].end, 9u);
  EXPECT_EQ(edits[0].replacement, "é");
  EXPECT_TRUE(to_normal_form("Le café noir, 周恩来", normalizer_for(normal_form::nfc)).empty());
}

}  // namespace
}  // namespace calque::plugins

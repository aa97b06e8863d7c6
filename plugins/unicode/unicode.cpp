// SPDX-License-Identifier: Apache-2.0
// The normalizer for normalization forms: each leaf by itself, with an edit for each place that changes.
#include "plugins/unicode/normal_form.hpp"

#include <calque/calque.hpp>

namespace calque::plugins {

struct unicode : normalizer {
  normal_form form = normal_form::nfc;

  static constexpr stage_info info{"calque.unicode", "1.0.0", "Normalization forms of Unicode", CALQUE_REENTRANT};
  static constexpr auto options = calque::options(
      opt("form", &unicode::form, "\"NFC\"", "NFC and NFD keep what is shown; NFKC and NFKD also replace look-alikes",
          choices("NFC", "NFD", "NFKC", "NFKD")));
  static constexpr auto codes = calque::codes(
      code("unicode.canonical", "Characters were brought into the form; they look and mean the same.", thing::text,
           effect::changed),
      code("unicode.compatibility", "Characters were replaced by look-alikes, such as ﬁ by fi, as NFKC and NFKD do.",
           thing::text, effect::changed));

  void run(document_view document, rewrite &out) const {
    const icu::Normalizer2 &normalizer = normalizer_for(form);
    const char *code =
        form == normal_form::nfc || form == normal_form::nfd ? "unicode.canonical" : "unicode.compatibility";
    for (const node leaf : document.root().leaves()) {
      // Code, formulas and raw markup are data, not language.
      if (!leaf.is(kind::text)) continue;
      const uint32_t base = leaf.range().begin;
      for (const text_edit &e : to_normal_form(leaf.text(), normalizer))
        out.edit(leaf, {base + static_cast<uint32_t>(e.begin), base + static_cast<uint32_t>(e.end)}, e.replacement,
                 code);
    }
  }
};

}  // namespace calque::plugins

CALQUE_PLUGIN("unicode", "1.0.0", "Apache-2.0", "https://calque.example.org", calque::plugins::unicode)

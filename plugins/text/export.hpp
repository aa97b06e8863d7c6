// SPDX-License-Identifier: Apache-2.0
// The exporter of plain text: what is read, in order, and nothing that is not.
#pragma once

#include <calque/calque.hpp>

namespace calque::plugins {

struct text_exporter : exporter {
  bool fields = true;
  int64_t width = 0;

  static constexpr stage_info info{"calque.text", "1.0.0", "Plain text: fields, then blocks parted by blank lines",
                                   CALQUE_REENTRANT};
  static constexpr auto options =
      calque::options(opt("fields", &text_exporter::fields, "true", "Write the fields before the text"),
                      opt("width", &text_exporter::width, "0",
                          "Wrap lines at this many characters where there is a blank; 0: one line a paragraph",
                          bounds{0, 10000}));
  static constexpr auto accepts = list("text/plain", "*.txt", "*.text");
  static constexpr auto used_layers = list("calque.page/1", "calque.language/1");
  static constexpr auto codes = calque::codes(
      code("text.fields-left-out", "The option fields = false leaves the fields out.", thing::field),
      code("text.formatting-not-expressed", "Plain text has the words, but not the look or the kind that they had.",
           thing::span),
      code("text.image-not-expressed", "Plain text holds no image; its name and its alternative text are there.",
           thing::image, effect::dropped),
      code("text.page-not-expressed", "Plain text has no page breaks of its own.", thing::page, effect::dropped),
      code("text.language-not-expressed", "Plain text does not say its language.", thing::language, effect::dropped));

  void run(document_view document, output &out) const;
};

}  // namespace calque::plugins

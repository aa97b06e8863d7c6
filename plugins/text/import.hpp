// SPDX-License-Identifier: Apache-2.0
// The importer of plain text: paragraphs, line ends and page breaks, in whatever encoding.
#pragma once

#include "plugins/common/decoding.hpp"

namespace calque::plugins {

struct text_importer : importer {
  enum class paragraph_rule { blank_lines, lines };
  enum class invalid_rule { error, replace };

  std::string encoding = "auto";
  paragraph_rule paragraphs = paragraph_rule::blank_lines;
  invalid_rule invalid = invalid_rule::error;

  static constexpr stage_info info{"calque.text", "1.0.0", "Plain text: paragraphs, line ends and page breaks",
                                   CALQUE_TILED | CALQUE_REENTRANT};
  static constexpr auto options =
      calque::options(opt("encoding", &text_importer::encoding, "\"auto\"",
                          "The file's encoding by its IANA name; auto: from its byte-order mark or its bytes"),
                      opt("paragraphs", &text_importer::paragraphs, "\"blank_lines\"",
                          "What parts paragraphs: blank lines, or every line end", choices("blank_lines", "lines")),
                      opt("invalid", &text_importer::invalid, "\"error\"",
                          "Bytes that are no text in the encoding: refuse the file, or put U+FFFD in their place",
                          choices("error", "replace")));
  static constexpr auto codes =
      calque::codes(CALQUE_DECODING_CODES("text"), code("text.line-end", "A line end that parts paragraphs; layout."),
                    code("text.blank-line", "A line without text; it parts paragraphs."),
                    code("text.page-break", "A form feed; it became a page break in calque.page/1."));
  static constexpr auto accepts = list("text/plain", "*.txt", "*.text");
  static constexpr auto written_layers = list("calque.page/1");

  static int probe(const calque::probe &);
  void run(const input &, builder &, const call &) const;
};

}  // namespace calque::plugins

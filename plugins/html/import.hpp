// SPDX-License-Identifier: Apache-2.0
// The importer of HTML and XHTML pages.
#pragma once

#include "plugins/common/html/reader.hpp"

namespace calque::plugins {

struct html_importer : importer {
  enum class invalid_rule { error, replace };
  enum class hidden_rule { keep, drop };

  std::string encoding = "auto";
  invalid_rule invalid = invalid_rule::replace;
  hidden_rule hidden = hidden_rule::keep;

  static constexpr stage_info info{"calque.html", "1.0.0", "HTML and XHTML pages: text, structure, notes and metadata",
                                   CALQUE_TILED | CALQUE_REENTRANT};
  static constexpr auto options = calque::options(
      opt("encoding", &html_importer::encoding, "\"auto\"",
          "The file's encoding by its IANA name; auto: its mark, what it says itself, or its bytes"),
      opt("invalid", &html_importer::invalid, "\"replace\"",
          "Bytes that are no text in the encoding: refuse the file, or put U+FFFD in their place",
          choices("error", "replace")),
      opt("hidden", &html_importer::hidden, "\"keep\"",
          "What a browser does not show: keep it, marked as hidden, or leave it out", choices("keep", "drop")));
  static constexpr auto codes = calque::codes(CALQUE_DECODING_CODES("html"), CALQUE_HTML_READING_CODES("html"));
  static constexpr auto accepts = list("text/html", "application/xhtml+xml", "*.html", "*.htm", "*.xhtml");
  static constexpr auto written_layers = list(CALQUE_HTML_READING_LAYERS);

  static int probe(const calque::probe &);
  void run(const input &, builder &, const call &) const;
};

}  // namespace calque::plugins

// SPDX-License-Identifier: Apache-2.0
// The importer of Markdown.
#pragma once

#include "plugins/common/decoding.hpp"

namespace markdown {

struct importer : calque::importer {
  enum class invalid_rule { error, replace };

  std::string encoding = "auto";
  invalid_rule invalid = invalid_rule::error;
  bool autolinks = true;

  static constexpr calque::stage_info info{
      "calque.markdown", "1.0.0", "CommonMark and GFM, with pandoc's notes, definitions, attributes and metadata",
      CALQUE_TILED | CALQUE_REENTRANT};
  static constexpr auto options =
      calque::options(calque::opt("encoding", &importer::encoding, "\"auto\"",
                                  "The file's encoding by its IANA name; auto: from its byte-order mark or its bytes"),
                      calque::opt("invalid", &importer::invalid, "\"error\"",
                                  "Bytes that are no text in the encoding: refuse the file, or put U+FFFD in their place",
                                  calque::choices("error", "replace")),
                      calque::opt("autolinks", &importer::autolinks, "true",
                                  "Addresses of the web and of mail are links as they stand, as GFM has it"));
  static constexpr auto codes = calque::codes(
      CALQUE_DECODING_CODES("markdown"),
      calque::code("markdown.mark", "A mark that says what the text is: it is in the document as kinds and attributes."),
      calque::code("markdown.layout", "Blanks and line ends between texts; no text."),
      calque::code("markdown.too-deep", "Blocks lie in each other deeper than any document can be.", calque::thing::text,
                   calque::effect::none, calque::level::error),
      calque::code("markdown.excess-cell",
                   "A row has more cells than its table has columns; GFM leaves the rest out, so it is in no cell.",
                   calque::thing::text, calque::effect::dropped, calque::level::warning),
      calque::code("markdown.repeated-call",
                   "A note is called again; a note has one call, so that the further ones stay as they are written.",
                   calque::thing::note, calque::effect::changed, calque::level::warning),
      calque::code("markdown.uncalled-note",
                   "Nothing calls the note; it stands at the end of the document, with a call of its own.",
                   calque::thing::note, calque::effect::none, calque::level::warning));
  static constexpr auto accepts = calque::list("text/markdown", "*.md", "*.markdown");

  static int probe(const calque::probe &);
  void run(const calque::input &, calque::builder &, const calque::call &) const;
};

}  // namespace markdown

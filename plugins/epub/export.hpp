// SPDX-License-Identifier: Apache-2.0
// The EPUB exporter's stage: one document becomes one book.
#pragma once

#include <calque/calque.hpp>

namespace epub {

struct exporter : calque::exporter {
  int64_t split_level = 1;
  std::string modified;

  static constexpr calque::stage_info info{
      "calque.epub", "1.0.0", "A book for reading systems: EPUB 3 with contents, page list and pop-up notes",
      CALQUE_REENTRANT};
  static constexpr auto accepts = calque::list("application/epub+zip", "*.epub");
  static constexpr auto options = calque::options(
      calque::opt("split_level", &exporter::split_level, "1",
                  "Headings down to this level begin a file of their own; 0: the text is one file",
                  calque::bounds{0, 6}),
      calque::opt("modified", &exporter::modified, "\"\"",
                  "When the edition was last changed, as 2024-05-01T12:00:00Z; empty: as the document says"));
  static constexpr auto used_layers =
      calque::list("calque.page/1", "calque.line/1", "calque.language/1", "calque.editorial/1", "calque.name/1",
                   "calque.date/1", "calque.term/1");
  static constexpr auto codes = calque::codes(
      calque::code(
          "epub.forbidden-character",
          "XHTML cannot hold this character; its picture (U+2400 and following) or U+FFFD stands in its place.",
          calque::thing::text, calque::effect::changed, calque::level::warning),
      calque::code("epub.unknown-kind",
                   "XHTML has no element for this kind of node; a neutral one with its name holds it.",
                   calque::thing::span, calque::effect::changed),
      calque::code(
          "epub.link-not-followed",
          "The target is no web or mail address and no place in the book, so it is shown but cannot be followed.",
          calque::thing::link, calque::effect::changed),
      calque::code("epub.image-missing", "The document does not hold the image that is named here.",
                   calque::thing::image, calque::effect::dropped, calque::level::warning),
      calque::code("epub.image-not-expressed",
                   "The image is no PNG, JPEG or GIF, which alone every reading system shows; its alternative text "
                   "stands there.",
                   calque::thing::image, calque::effect::dropped, calque::level::warning),
      calque::code("epub.page-not-expressed", "The point stands where nothing is written.", calque::thing::page,
                   calque::effect::dropped),
      calque::code("epub.language-not-expressed", "The tag of the language is no BCP 47 tag.", calque::thing::language,
                   calque::effect::dropped),
      calque::code("epub.language-of-nothing", "A language of no text says nothing.", calque::thing::language),
      calque::code("epub.modified-not-a-time", "The option `modified` is no time in UTC.", calque::thing::text,
                   calque::effect::none, calque::level::error),
      calque::code("epub.container", "The container could not be made.", calque::thing::text, calque::effect::none,
                   calque::level::error));

  void run(calque::document_view document, calque::output &out) const;
};

}  // namespace epub

// SPDX-License-Identifier: Apache-2.0
// The importer of EPUB 2 and 3: the spine in its order, with notes, pages, images and all that the package says.
#pragma once

#include <calque/calque.hpp>

namespace calque::plugins {

struct epub_importer : importer {
  enum class split_rule { none, document };

  split_rule split = split_rule::none;

  static constexpr stage_info info{"calque.epub", "1.0.0", "EPUB 2 and 3: spine, notes, pages, images, metadata",
                                   CALQUE_REENTRANT};
  static constexpr auto options =
      calque::options(opt("split", &epub_importer::split, "\"none\"",
                          "One document for the book, or one (\"document\") for each file of its spine",
                          choices("none", "document")));
  static constexpr auto codes = calque::codes(
      code("epub.back-link", "The link from a note back to its call; a note stands at its call here."),
      code("epub.entity-bomb", "A file grows beyond measure when its entities are replaced, so the book was refused.",
           thing::text, effect::none, level::error),
      code("epub.not-encrypted", "A file that is said to be encrypted is none, and was read.", thing::text,
           effect::none, level::warning),
      code("epub.encrypted", "A file that is read is encrypted; there is no way to give a key.", thing::text,
           effect::none, level::error),
      code("epub.external-entity", "A file wants another file put in as an entity; none ever is.", thing::text,
           effect::none, level::warning),
      code("epub.head", "The head of a file: its title, styles and scripts; no text that is read."),
      code("epub.ill-formed", "A file is no XML and was read as browsers read HTML; see whether all is in its place.",
           thing::text, effect::none, level::warning),
      code("epub.made-anew",
           "Words that an edition of Calque puts around its text, and would again: labels, signs, metadata."),
      code("epub.math-presentation",
           "The signs of a formula that is kept in TeX, or a note of some program on a formula."),
      code("epub.medium-dropped", "Sound, a moving image or a program's element; what stands in its place is kept.",
           thing::image, effect::none, level::warning),
      code("epub.mimetype", "The archive does not say that it is an EPUB where it should.", thing::text, effect::none,
           level::warning),
      code("epub.missing-file", "The package names a file that is not in the archive, or lies outside of it.",
           thing::text, effect::none, level::warning),
      code("epub.missing-image", "An image that a file shows is not in the archive; its place is kept.", thing::image,
           effect::none, level::warning),
      code("epub.navigation",
           "The list of contents or pages; its labels are titles of divisions and numbers of pages."),
      code("epub.no-container", "The archive has no META-INF/container.xml that names a package.", thing::text,
           effect::none, level::error),
      code("epub.no-package", "The package is not in the archive, or is no package.", thing::text, effect::none,
           level::error),
      code("epub.no-spine", "The package has no spine, or nothing in it can be read.", thing::text, effect::none,
           level::error),
      code("epub.no-text", "A file of the spine is neither XML nor text at all, so the book was refused.", thing::text,
           effect::none, level::error),
      code("epub.not-shown", "Scripts, styles and templates; no text that is read."),
      code("epub.note-call", "The sign that calls a note; it is the note's label."),
      code("epub.other-case", "A form of the same content for programs that can show it; another form was read."),
      code("epub.other-rendition", "The book has several packages; the first was read.", thing::text, effect::none,
           level::warning),
      code("epub.page-number", "The number of a page as printed; it is the number of a point in calque.page/1."),
      code("epub.persons-not-read",
           "The list of persons in an edition of Calque; the text has their names as they are used.", thing::text,
           effect::dropped),
      code("epub.repeated-item", "The spine names a file again; it was read once.", thing::text, effect::none,
           level::warning),
      code("epub.replaced-bytes", "Bytes of a file that is no XML are no text in its encoding; they became U+FFFD.",
           thing::text, effect::changed, level::warning),
      code("epub.ruby-parenthesis", "A parenthesis around ruby for programs that cannot show it."),
      code("epub.spine-item-not-read", "A file of the spine is of a kind that is not read, and has no other form.",
           thing::text, effect::none, level::warning),
      code("epub.title-page", "A title page whose every word stands in the metadata, which are fields already."),
      code("epub.too-deep", "Elements are nested so deep that no reader shows them; the book was refused.", thing::text,
           effect::none, level::error),
      code("epub.too-big",
           "A file that is no XML has more attributes, or needs more memory, than the limit; the book was refused.",
           thing::text, effect::none, level::error));
  static constexpr auto accepts = list("application/epub+zip", "*.epub");
  static constexpr auto written_layers = list("calque.page/1");

  static int probe(const calque::probe &);
  void run(const input &, builder &, const call &) const;
};

}  // namespace calque::plugins

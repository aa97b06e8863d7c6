// SPDX-License-Identifier: Apache-2.0
// An HTML or XHTML file to a document: what the importers of HTML and of EPUB share.
#pragma once

#include "plugins/common/decoding.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace calque::plugins {

struct html_reading_options {
  /// Begins every code: "html.comment".
  std::string stage;
  /// The builder's number of the source that the text was decoded from.
  uint32_t source = 0;
  /// Write fields from the head; an importer that has them from elsewhere, or reads several files, says no.
  bool with_fields = true;
  /// Keep what a browser does not show, marked with role="hidden", or skip it with the code STAGE.hidden-dropped.
  bool keep_hidden = true;
  /// The file is XHTML: it is read as XML where it is well-formed.
  bool is_xhtml = false;
  /// The resource that an image's address stands for; empty: none, the address is kept. Without a function: none.
  std::function<std::string(std::string_view address)> image;
  /// What a link's address becomes. Without a function: it is kept.
  std::function<std::string(std::string_view address)> link;
};

/// Writes the fields and the text of one file to the builder, and accounts for each of its bytes. The text and its
/// tree nest like the file; asides stand at their calls. Throws calque::failure.
void read_html(const decoded_text &text, builder &out, const call &c, const html_reading_options &options);

/// What the file itself says of its encoding: a name for `decoding_options`, or "auto".
struct html_encoding {
  std::string name;
  /// Why a label was not believed; empty when it was, or there was none.
  std::string doubt;
};
html_encoding find_html_encoding(std::string_view bytes, std::string_view media_type);

/// The layers that reading writes.
#define CALQUE_HTML_READING_LAYERS "calque.page/1"

/// The codes of reading, for the stage `id` (a string literal).
#define CALQUE_HTML_READING_CODES(id)                                                                                  \
  ::calque::code(id ".markup", "Tags, declarations and what the tags say; the document's nodes say it."),              \
      ::calque::code(id ".comment", "A comment in the markup; it is not part of the page."),                           \
      ::calque::code(id ".layout", "White space that HTML does not show."),                                            \
      ::calque::code(id ".script", "A script; it is not run and is no text."),                                         \
      ::calque::code(id ".style", "A style sheet; it is no text."),                                                    \
      ::calque::code(id ".template", "A <template>, which a page never shows by itself."),                             \
      ::calque::code(id ".metadata", "Metadata that says nothing of the text, or says a field again."),                \
      ::calque::code(id ".made-anew", "Words that an edition of Calque puts around its text, and would again: labels and signs."), \
      ::calque::code(id ".persons-not-read", "The list of persons in an edition of Calque; the text has their names as they are used.", \
                     ::calque::thing::layer, ::calque::effect::dropped),                                               \
      ::calque::code(id ".text-ignored", "Text that HTML's own rules throw away, as between the frames of a frameset.", \
                     ::calque::thing::text, ::calque::effect::dropped, ::calque::level::warning),                      \
      ::calque::code(id ".hidden-dropped", "What a browser does not show was left out, as asked.",                     \
                     ::calque::thing::text, ::calque::effect::dropped),                                                \
      ::calque::code(id ".note-call", "The number that calls a note; the note keeps it as its attribute `label`.",     \
                     ::calque::thing::note),                                                                           \
      ::calque::code(id ".note-number", "The number of a note, printed again before its text.", ::calque::thing::note), \
      ::calque::code(id ".note-back-link", "A link from a note back to its call; the note stands at its call now.",    \
                     ::calque::thing::note),                                                                           \
      ::calque::code(id ".note-heading", "The heading of a list of notes that all stand at their calls now.",          \
                     ::calque::thing::note),                                                                           \
      ::calque::code(id ".page-number", "The number of a page; it became a page break in calque.page/1.",              \
                     ::calque::thing::page),                                                                           \
      ::calque::code(id ".math-presentation", "Signs of a formula that is kept in its TeX form."),                     \
      ::calque::code(id ".not-well-formed",                                                                            \
                     "The file says that it is XML, but is not well-formed; it was read as HTML.",                     \
                     ::calque::thing::text, ::calque::effect::none, ::calque::level::warning),                         \
      ::calque::code(id ".no-text", "The page holds no text and no image.", ::calque::thing::text,                     \
                     ::calque::effect::none, ::calque::level::warning),                                                \
      ::calque::code(id ".encoding-label", "What the file says of its encoding is not so.", ::calque::thing::text,     \
                     ::calque::effect::none, ::calque::level::warning),                                                \
      ::calque::code(id ".too-deep", "Elements stand within each other deeper than the limit; the file was refused.",  \
                     ::calque::thing::text, ::calque::effect::none, ::calque::level::error),                           \
      ::calque::code(id ".too-big",                                                                                    \
                     "Its elements need more memory, or have more attributes, than the limit; the file was refused.",  \
                     ::calque::thing::text, ::calque::effect::none, ::calque::level::error)

}  // namespace calque::plugins

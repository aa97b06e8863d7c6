// SPDX-License-Identifier: Apache-2.0
// The importer of mail: a message, or a mailbox of many, each a document; its attachments are documents beside it.
#pragma once

#include <calque/calque.hpp>

#include "plugins/eml/transfer.hpp"

namespace calque::plugins {

struct eml_importer : importer {
  enum class alternative_rule { richest, plain };
  enum class header_rule { known, all };
  enum class mailbox_rule { mboxrd, mboxo };

  alternative_rule alternative = alternative_rule::richest;
  header_rule headers = header_rule::known;
  mailbox_rule mailbox = mailbox_rule::mboxrd;

  static constexpr stage_info info{"calque.eml", "1.0.0", "Mail: messages and mailboxes, with their attachments",
                                   CALQUE_TILED | CALQUE_REENTRANT | CALQUE_EMBEDS};
  static constexpr auto options = calque::options(
      opt("alternative", &eml_importer::alternative, "\"richest\"",
          "Of a body in several forms: the richest that an importer reads (a document beside the message's), or plain text",
          choices("richest", "plain")),
      opt("headers", &eml_importer::headers, "\"known\"",
          "Which headers are kept: those that have a field of their own, or all, as calque.other", choices("known", "all")),
      opt("mailbox", &eml_importer::mailbox, "\"mboxrd\"",
          "How a mailbox quotes lines that begin with \"From \": one mark more before any number of them, or before none",
          choices("mboxrd", "mboxo")));
  static constexpr auto codes = calque::codes(
      code("eml.layout", "Blank lines, line ends, and blanks at the ends of lines; no text."),
      code("eml.header-name", "The name of a header; the field keeps it as its attribute `label`.", thing::field),
      code("eml.header-mark", "What parts the values of a header: commas, and the < and > around an identifier.", thing::field),
      code("eml.header", "A header that has no field of its own, such as those that servers add. headers = \"all\" keeps it.",
           thing::field),
      code("eml.part-header", "The headers of a part; they say how it is stored, and the importer has done as they say.",
           thing::field),
      code("eml.boundary", "A line that parts the parts of a message, and what stands before the first and behind the last."),
      code("eml.from-line", "The line before each message of a mailbox; it says when it was put there."),
      code("eml.transfer-encoding",
           "Line ends of quoted-printable and base64, and the mark before a line that begins with \"From \"; no text."),
      code("eml.quote-mark", "The > before quoted lines; they are in a block quote."),
      code("eml.signature-mark", "The line \"-- \" before a signature; what follows is a division with part = signature."),
      code("eml.embedded", "A part that another importer has read; its documents stand behind that of the message."),
      code("eml.alternative", "Another form of the body that was taken; it says the same. alternative = \"plain\" takes the plain one."),
      code("eml.attachment-kept", "A part that no importer reads. It is a resource of the message's document, as it was."),
      code("eml.attachment-refused",
           "The importer of this part failed, for the reason that was reported with it. The part is a resource of the "
           "message's document, as it was; its text is in no document.",
           thing::text, effect::dropped, level::warning),
      code("eml.html-kept",
           "A body in HTML that no importer reads. It is a resource of the message's document; its text is in no document.",
           thing::text, effect::dropped, level::warning),
      code("eml.not-text", "A body of text with bytes that no text has. It is a resource of the message's document.",
           thing::text, effect::dropped, level::warning),
      code("eml.encrypted", "An encrypted part. It is a resource of the message's document; nobody can read its text here.",
           thing::text, effect::dropped, level::warning),
      code("eml.signed", "The message is signed. The signature was not checked.", thing::text, effect::none, level::info),
      code("eml.signature", "A signature over the message, for programs; the message does not say with it what it says."),
      code("eml.wrong-charset", "The charset that a part names is not the one it is in.", thing::text, effect::none,
           level::warning),
      code("eml.unknown-charset", "A part names a charset that is not known; it was guessed.", thing::text, effect::none,
           level::warning),
      code("eml.guessed-charset", "A part has bytes beyond ASCII and names no charset for them; it was guessed.", thing::text,
           effect::none, level::info),
      code("eml.replaced-bytes", "Bytes that are no text in the charset of their part became U+FFFD.", thing::text,
           effect::changed, level::warning),
      code("eml.raw-header", "A header has bytes that none may have; they were read as windows-1252.", thing::field,
           effect::none, level::warning),
      code("eml.odd-encoded-word", "Words of a header do not fit the charset that they name.", thing::field, effect::changed,
           level::warning),
      code("eml.bad-transfer", "A part is not encoded as it says; what could be read was.", thing::text, effect::none,
           level::warning),
      code("eml.bad-date", "The date of a message is none; it is kept as it is printed, without a mark.", thing::field,
           effect::none, level::info),
      code("eml.no-text", "A message without a body that is text; its document has fields alone.", thing::text, effect::none,
           level::info),
      code("eml.no-header", "The file does not begin with a header, so it is no message.", thing::text, effect::none,
           level::error),
      code("eml.too-deep", "The parts of a message are nested too deep.", thing::text, effect::none, level::error),
      code("eml.too-many-parts", "A message has too many parts.", thing::text, effect::none, level::error));
  static constexpr auto accepts = list("message/rfc822", "application/mbox", "*.eml", "*.mbox");
  static constexpr auto written_layers = list("calque.date/1");

  static int probe(const calque::probe &);
  void run(const input &, builder &, const call &) const;
};

}  // namespace calque::plugins

// SPDX-License-Identifier: Apache-2.0
// The body of a message, part by part: what is text becomes blocks, the rest goes to other importers or is kept.
#include "plugins/eml/message.hpp"

#include <algorithm>

#include "plugins/eml/ascii.hpp"
#include "plugins/eml/header_text.hpp"
#include "plugins/eml/plain_body.hpp"

namespace calque::plugins::mail {

void message_writer::write(uint64_t begin, uint64_t end, unsigned number) {
  begin_ = begin;
  end_ = end;
  number_ = number;
  const entity message = read_entity(all_, begin, end);
  if (message.headers.empty() && number == 0)
    throw failure("eml.no-header", "it does not begin with a header such as \"From: …\", so it is no message",
                  source_range{begin, std::min<uint64_t>(end, begin + 80)},
                  "import it with the stage for its format, such as text");
  write_fields(message);
  for (const entity &part : message.parts) write_attachment_names(part);
  write_part(message, true);
  if (!has_text_)
    call_.report_at(level::info, source_range{message.body, end}, "eml.no-text", "the message has no body that is plain text");
}

bool message_writer::is_attachment(const entity &e) const {
  if (e.disposition == "attachment") return true;
  if (e.type == "text/plain" || e.type == "text/html") return false;
  return true;
}

void message_writer::write_part(const entity &e, bool is_root) {
  if (!is_root) skip_part_header(e);
  if (e.is_multipart() && !e.parts.empty()) {
    write_multipart(e);
  } else if (e.is_multipart()) {
    write_text(e);  // a boundary that never comes: what is there is read as it stands
  } else if (e.type == "application/pkcs7-mime" || e.type == "application/x-pkcs7-mime") {
    report(level::warning, e, "eml.encrypted", "this part is encrypted or sealed (S/MIME)",
           "import the message as its owner decrypted it");
    keep(e, body_of(e).bytes(), "eml.encrypted");
  } else if (e.type == "application/pgp-signature" || e.type == "application/pkcs7-signature" ||
             e.type == "application/x-pkcs7-signature") {
    skip(e.body, e.end, "eml.signature");
  } else if (is_root && e.disposition == "attachment" && e.type == "text/plain") {
    write_text(e);
  } else if (is_attachment(e)) {
    write_attachment(e, "eml.attachment-kept");
  } else if (e.type == "text/html") {
    write_html(e);
  } else {
    write_text(e);
  }
}

void message_writer::write_multipart(const entity &e) {
  if (e.type == "multipart/signed") report(level::info, e, "eml.signed", "the message is signed; the signature was not checked");
  if (e.type == "multipart/encrypted") {
    report(level::warning, e, "eml.encrypted", "the message is encrypted", "import it as its owner decrypted it");
    keep(e, all_.substr(e.body, e.end - e.body), "eml.encrypted");
    return;
  }
  if (e.type == "multipart/alternative")
    write_alternative(e);
  else
    for (const entity &part : e.parts) write_part(part, false);
  write_parts_around(e, "eml.boundary");
}

/// Everything of a multipart that lies between its parts.
void message_writer::write_parts_around(const entity &e, std::string_view code) {
  uint64_t at = e.body;
  for (const entity &part : e.parts) {
    skip(at, part.begin, code);
    at = part.end;
  }
  skip(at, e.end, code);
}

/// The HTML of a form of the body: the form itself, or the first part of a multipart/related.
const entity *message_writer::html_of(const entity &e) const {
  if (e.type == "text/html" && e.disposition != "attachment") return &e;
  if (e.type == "multipart/related" && !e.parts.empty() && e.parts.front().type == "text/html" &&
      e.parts.front().disposition != "attachment")
    return &e.parts.front();
  return nullptr;
}

// Forms come from the plainest to the richest.
void message_writer::write_alternative(const entity &e) {
  const entity *plain = nullptr, *chosen = nullptr;
  for (const entity &part : e.parts)
    if (plain == nullptr && part.type == "text/plain") plain = &part;
  const bool wants_plain = rules_.alternative == eml_importer::alternative_rule::plain;
  for (auto part = e.parts.rbegin(); part != e.parts.rend() && chosen == nullptr && !(wants_plain && plain != nullptr); ++part) {
    const entity *html = html_of(*part);
    if (html != nullptr && embed_html(*html)) {
      chosen = &*part;
      // The pictures of the chosen form are kept as any attachment.
      if (chosen != html) {
        skip_part_header(*chosen);
        for (const entity &inner : chosen->parts)
          if (&inner != html) write_part(inner, false);
        write_parts_around(*chosen, "eml.boundary");
      }
      skip_part_header(*html);
      skip(html->body, html->end, "eml.embedded");
    } else if (part->is_multipart() && html == nullptr) {
      chosen = &*part;
      write_part(*part, false);
    }
  }
  if (chosen == nullptr) {
    chosen = plain != nullptr ? plain : &e.parts.back();
    write_part(*chosen, false);
  }
  // A form that is neither text nor HTML, such as an invitation, is not the same again.
  const auto says_more = [&](const entity &part) {
    return !part.is_multipart() && part.type != "text/plain" && part.type != "text/html" && part.type != "text/enriched" &&
           part.type != "text/x-amp-html";
  };
  for (const entity &part : e.parts) {
    if (&part == chosen) continue;
    if (says_more(part)) {
      write_part(part, false);
    } else if (html_of(part) != nullptr && part.is_multipart()) {
      skip_but_names(part, part.begin, part.parts.front().end, "eml.alternative");
      uint64_t at = part.parts.front().end;
      for (size_t k = 1; k < part.parts.size(); ++k) {
        skip(at, part.parts[k].begin, "eml.boundary");
        write_part(part.parts[k], false);
        at = part.parts[k].end;
      }
      skip(at, part.end, "eml.boundary");
    } else {
      skip_but_names(part, part.begin, part.end, "eml.alternative");
    }
  }
}

void message_writer::write_text(const entity &e) {
  const body_text body(body_of(e), e.value_of("charset"));
  if (!body.is_text()) {
    if (body.stored().bytes().empty()) {
      skip(e.body, e.end, "eml.layout");
      return;
    }
    report(level::warning, e, "eml.not-text", "a body of text has bytes that no text has");
    keep(e, body.stored().bytes(), "eml.not-text");
    return;
  }
  const std::string label(e.value_of("charset"));
  switch (body.state()) {
    case charset_state::as_labelled: break;
    case charset_state::guessed:
      report(level::info, e, "eml.guessed-charset", "it names no charset for its bytes beyond ASCII; it was read as " + body.charset());
      break;
    case charset_state::wrong_label:
      report(level::warning, e, "eml.wrong-charset", "it says that its charset is " + label + ", which its bytes are not; it was read as " + body.charset());
      break;
    case charset_state::unknown_label:
      report(level::warning, e, "eml.unknown-charset", "its charset \"" + label + "\" is not known; it was read as " + body.charset());
      break;
  }
  if (body.replaced() > 0)
    report(level::warning, e, "eml.replaced-bytes", std::to_string(body.replaced()) + " bytes or groups of bytes became U+FFFD");
  check_transfer(e, body.stored());
  if (body.text().find("-----BEGIN PGP MESSAGE-----") != body.text().npos)
    report(level::warning, e, "eml.encrypted", "the text holds an encrypted message (PGP); it stands there as it is");
  else if (body.text().find("-----BEGIN PGP SIGNED MESSAGE-----") != body.text().npos)
    report(level::info, e, "eml.signed", "the text is signed; the signature was not checked");
  const line_form form{lower_ascii(e.value_of("format")) == "flowed", lower_ascii(e.value_of("delsp")) == "yes"};
  has_text_ |= write_plain_body(body, form, out_);
}

// A charset that the message names counts for more than none in the page; pages that name one are left alone.
bool message_writer::embed_html(const entity &e) {
  const stored_bytes stored = body_of(e);
  const std::string label = lower_ascii(e.value_of("charset"));
  std::string converted;
  std::string_view bytes = stored.bytes();
  const std::string head = lower_ascii(bytes.substr(0, 2048));
  if (!label.empty() && label != "utf-8" && label != "us-ascii" && head.find("charset") == head.npos) {
    bool fits = true;
    converted = "\xef\xbb\xbf" + to_utf8(bytes, label, &fits);
    if (fits) bytes = converted;
  }
  const std::string name = e.file_name.value.empty() ? "body.html" : e.file_name.value;
  if (out_.embed(container(), name, "text/html", bytes) != embedded::taken) return false;
  has_text_ = true;
  return true;
}

void message_writer::write_html(const entity &e) {
  if (embed_html(e)) {
    skip(e.body, e.end, "eml.embedded");
    return;
  }
  const stored_bytes stored = body_of(e);
  if (stored.bytes().empty())
    skip(e.body, e.end, "eml.layout");
  else
    keep(e, stored.bytes(), "eml.html-kept");
}

void message_writer::write_attachment(const entity &e, std::string_view code_when_unknown) {
  const stored_bytes stored = body_of(e);
  check_transfer(e, stored);
  if (stored.bytes().empty()) {
    skip(e.body, e.end, "eml.layout");
    return;
  }
  // Programs that do not know a file call it by this name; then its own name tells more.
  const std::string_view type = e.type == "application/octet-stream" ? std::string_view() : std::string_view(e.type);
  switch (out_.embed(container(), name_of(e), type, stored.bytes())) {
    case embedded::taken: skip(e.body, e.end, "eml.embedded"); break;
    case embedded::unknown: keep(e, stored.bytes(), code_when_unknown); break;
    case embedded::refused:
      report(level::warning, e, "eml.attachment-refused", name_of(e) + " could not be imported; it is kept as it is");
      keep(e, stored.bytes(), "eml.attachment-refused");
      break;
  }
}

void message_writer::keep(const entity &e, std::string_view bytes, std::string_view code) {
  std::string name = name_of(e);
  std::replace_if(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '/' || c == '\\'; }, '_');
  if (name == "." || name == "..") name = "part";
  std::string path = "attachments/" + name;
  for (unsigned k = 2; !resources_.insert(path).second; ++k) path = "attachments/" + std::to_string(k) + "-" + name;
  out_.resource(path, e.type, bytes);
  skip_but_names(e, e.body, e.end, code);
}

stored_bytes message_writer::body_of(const entity &e) const {
  return read_body(all_, e.body, e.end, transfer_of(e.transfer_encoding), quoting_);
}

void message_writer::check_transfer(const entity &e, const stored_bytes &stored) const {
  if (transfer_of(e.transfer_encoding) == transfer::unknown)
    report(level::warning, e, "eml.bad-transfer", "its transfer encoding \"" + plain_words(e.transfer_encoding) + "\" is not known; it was read as it stands");
  if (stored.faults > 0)
    report(level::warning, e, "eml.bad-transfer", std::to_string(stored.faults) + " characters do not belong to its transfer encoding");
}

std::string message_writer::name_of(const entity &e) const {
  if (!e.file_name.value.empty()) return shortened(e.file_name.value, 200);
  const std::string extension = e.type == "message/rfc822" || e.type == "message/global" ? ".eml"
                                : e.type == "text/html"                                  ? ".html"
                                : e.type.starts_with("text/")                            ? ".txt"
                                                                                         : "";
  return "part-" + std::to_string(e.body - begin_) + extension;
}

// Only messages that have members need a source of their own in a mailbox: their text leads to the file itself.
uint32_t message_writer::container() {
  if (number_ == 0 || container_ != 0) return container_;
  const std::string name = message_id_.empty() ? "message " + std::to_string(number_) : message_id_;
  return container_ = out_.member(0, name, "message/rfc822", all_.substr(begin_, end_ - begin_));
}

void message_writer::report(level severity, const entity &e, std::string_view code, const std::string &message,
                            std::string_view hint) const {
  call_.report_at(severity, source_range{e.begin, e.body}, code, message, hint);
}

}  // namespace calque::plugins::mail

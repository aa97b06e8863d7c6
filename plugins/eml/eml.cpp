// SPDX-License-Identifier: Apache-2.0
// Tells mail from other text, and takes a mailbox apart.
#include "plugins/eml/eml.hpp"

#include <algorithm>

#include "plugins/eml/mailbox.hpp"
#include "plugins/eml/message.hpp"

namespace calque::plugins {
namespace {

/// How sure a file is mail by its first headers: those that only mail programs write count most.
int header_score(std::string_view head) {
  uint64_t body = 0;
  const std::vector<mail::header> headers = mail::read_headers(head, 0, head.size(), body);
  int sure = 0, usual = 0;
  for (const mail::header &h : headers) {
    for (const char *name : {"received", "message-id", "mime-version", "return-path", "delivered-to", "content-type"})
      sure += h.name == name;
    for (const char *name : {"from", "to", "date", "subject", "cc"}) usual += h.name == name;
  }
  if (headers.size() < 2) return 0;
  return sure > 0 && usual > 1 ? 70 : sure + usual > 2 ? 15 : 0;
}

}  // namespace

int eml_importer::probe(const calque::probe &file) {
  std::string_view head = file.head();
  const bool is_box = mail::is_mailbox(head);
  const bool is_named = file.has_suffix(".eml") || file.has_suffix(".mbox") || file.media_type() == "message/rfc822" ||
                        file.media_type() == "message/global" || file.media_type() == "application/mbox";
  if (is_box) return is_named ? 95 : 80;
  const int score = header_score(head);
  if (is_named && !head.empty()) {
    uint64_t body = 0;
    return mail::read_headers(head, 0, head.size(), body).empty() ? 0 : 90;
  }
  return score;
}

void eml_importer::run(const input &in, builder &out, const call &c) const {
  const std::string_view all = in.bytes();
  if (!mail::is_mailbox(all)) {
    mail::message_writer(*this, all, in.name(), mail::from_quoting::none, out, c).write(0, all.size(), 0);
    return;
  }
  const auto quoting = mailbox == mailbox_rule::mboxo ? mail::from_quoting::mboxo : mail::from_quoting::mboxrd;
  unsigned number = 0;
  for (const mail::mailbox_message &one : mail::split_mailbox(all)) {
    if (++number > 1) out.next_part();
    out.skip({one.from_line, one.begin}, "eml.from-line");
    mail::message_writer(*this, all, in.name(), quoting, out, c).write(one.begin, one.end, number);
    if (one.end < one.next) out.skip({one.end, one.next}, "eml.layout");
    c.progress(one.next, all.size());
  }
}

}  // namespace calque::plugins

// SPDX-License-Identifier: Apache-2.0
// Mail through the real host: what becomes of attachments, and the rules that no case file shows.
#include "plugins/eml/eml.hpp"

#include <calque/testing.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "plugins/eml/entity.hpp"
#include "plugins/eml/header_text.hpp"
#include "plugins/eml/mail_date.hpp"
#include "plugins/eml/mailbox.hpp"

namespace calque::plugins {
namespace {

using calque::testing::import;
using calque::testing::outcome;

/// Reads "notes": one paragraph. Fails at "bad", and embeds what stands behind "+".
struct notes : importer {
  static constexpr stage_info info{"test.notes", "1", "Notes", CALQUE_TILED | CALQUE_EMBEDS};
  static constexpr auto codes = calque::codes(code("notes.bad", "Bad.", thing::text, effect::none, level::error),
                                              code("notes.more", "More."));
  static int probe(const calque::probe &p) { return p.media_type() == "text/x-note" || p.has_suffix(".note") ? 90 : 0; }
  void run(const input &in, builder &out) const {
    const std::string_view all = in.bytes();
    if (all.starts_with("bad")) throw failure("notes.bad", "this is a bad note", source_range{0, 3});
    if (all.starts_with('+')) {
      out.skip({0, all.size()}, "notes.more");
      EXPECT_EQ(out.embed(0, "inner.note", "", all.substr(1)), embedded::taken);
      return;
    }
    const scope paragraph = out.begin(kind::paragraph);
    out.text(all, {0, all.size()});
    // What the host says of a member is no text that its importer has seen.
    const auto letters = std::count_if(all.begin(), all.end(), [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; });
    out.seen(CALQUE_THING_TEXT, static_cast<uint64_t>(letters));
  }
};

/// Embeds without having said so.
struct sneaky : importer {
  static constexpr stage_info info{"test.sneaky", "1", "Sneaky"};
  static int probe(const calque::probe &) { return 0; }
  void run(const input &in, builder &out) const { out.embed(0, "a.note", "", in.bytes()); }
};

std::string codes_of(const outcome &r) {
  std::string all;
  for (const auto &d : r.diagnostics) all += d.severity + " " + d.code + "\n";
  return all;
}

std::string with_attachment(const std::string &type, const std::string &name, const std::string &bytes) {
  return "From: A <a@example.org>\nSubject: Files\nMessage-ID: <1@example.org>\nMIME-Version: 1.0\n"
         "Content-Type: multipart/mixed; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\nSee below.\n--b\n"
         "Content-Type: " + type + "\nContent-Disposition: attachment; filename=\"" + name + "\"\n\n" + bytes + "\n--b--\n";
}

TEST(embed, a_member_is_a_part_with_a_source_of_its_own) {
  const auto r = import<eml_importer, notes>(with_attachment("text/x-note", "a.note", "Hello."), "talk.eml");
  ASSERT_TRUE(r.ok) << codes_of(r);
  ASSERT_EQ(r.documents.size(), 2u);
  EXPECT_NE(r.documents[0].text().find("See below."), std::string::npos) << r.documents[0].text();
  const std::string dump = r.documents[1].dump();
  EXPECT_NE(dump.find("source 0 \"talk.eml\""), std::string::npos) << dump;
  EXPECT_NE(dump.find("source 1 in 0 \"a.note\" type=text/x-note"), std::string::npos) << dump;
  EXPECT_NE(dump.find("key=\"calque.container\"\n    text #2 \"talk.eml\""), std::string::npos) << dump;
  EXPECT_NE(dump.find("key=\"calque.member\"\n    text #4 \"a.note\""), std::string::npos) << dump;
  EXPECT_NE(dump.find("= 1:0..6"), std::string::npos) << dump;
}

TEST(embed, a_member_of_a_member_keeps_the_whole_way) {
  const std::string inner = with_attachment("text/x-note", "a.note", "Hello.");
  const auto r = import<eml_importer, notes>(
      "Subject: Outer\nContent-Type: message/rfc822\nContent-Disposition: attachment; filename=inner.eml\n\n" + inner,
      "outer.eml");
  ASSERT_TRUE(r.ok) << codes_of(r);
  ASSERT_EQ(r.documents.size(), 3u);
  const std::string dump = r.documents[2].dump();
  EXPECT_NE(dump.find("source 0 \"outer.eml\""), std::string::npos) << dump;
  EXPECT_NE(dump.find("source 1 in 0 \"inner.eml\""), std::string::npos) << dump;
  EXPECT_NE(dump.find("source 2 in 1 \"a.note\""), std::string::npos) << dump;
  EXPECT_NE(dump.find("= 2:0..6"), std::string::npos) << dump;
}

TEST(embed, what_only_holds_members_has_no_document) {
  const auto r = import<notes>("+One.", "box.note");
  ASSERT_TRUE(r.ok) << codes_of(r);
  ASSERT_EQ(r.documents.size(), 1u);
  EXPECT_EQ(r.documents[0].view().text(), "box.noteinner.noteOne.");
}

TEST(embed, what_nobody_knows_is_a_resource) {
  const auto r = import<eml_importer, notes>(with_attachment("image/png", "a.png", "\x89PNG"), "talk.eml");
  ASSERT_TRUE(r.ok) << codes_of(r);
  ASSERT_EQ(r.documents.size(), 1u);
  EXPECT_NE(r.documents[0].dump().find("resource \"attachments/a.png\""), std::string::npos) << r.documents[0].dump();
  EXPECT_NE(r.ledger.find("eml.attachment-kept"), std::string::npos) << r.ledger;
}

TEST(embed, a_member_that_fails_is_a_loss_and_no_end) {
  const auto r = import<eml_importer, notes>(with_attachment("text/x-note", "a.note", "bad news"), "talk.eml");
  ASSERT_TRUE(r.ok) << codes_of(r);
  EXPECT_EQ(codes_of(r), "warning notes.bad\nwarning eml.attachment-refused\n");
  EXPECT_EQ(r.diagnostics[0].message, "in a.note: this is a bad note (at byte 0 of it)");
  EXPECT_NE(r.ledger.find("eml.attachment-refused"), std::string::npos) << r.ledger;
  EXPECT_NE(r.documents[0].dump().find("resource \"attachments/a.note\""), std::string::npos);
}

TEST(embed, who_does_it_has_said_so) {
  const auto r = import<sneaky, notes>("Hello.", "a.sneaky");
  EXPECT_FALSE(r.ok);
  EXPECT_EQ(codes_of(r), "error plugin.misuse\n");
}

TEST(embed, nesting_has_a_limit_that_says_its_name) {
  std::string deep = "One.";
  for (int k = 0; k < 40; ++k) deep = "+" + deep;
  const auto r = import<notes>(deep, "box.note");
  EXPECT_FALSE(r.ok);
  ASSERT_EQ(r.diagnostics.size(), 1u) << codes_of(r);
  EXPECT_EQ(r.diagnostics[0].code, "document.limit");
  EXPECT_EQ(r.diagnostics[0].message, "nesting of embedded members: 17 wanted, 16 granted");
}

TEST(eml, a_mailbox_gives_a_part_for_each_message) {
  const auto r = import<eml_importer, notes>(
      "From a@x Mon Feb  3 10:00:00 2020\nFrom: a@x\nMessage-ID: <1@x>\n\nOne.\n>From here on.\n>>From there.\n\n"
      "From here it is text, and no message.\n\n"
      "From b@x Mon Feb  3 11:00:00 2020\n" + with_attachment("text/x-note", "a.note", "Hello.") + "\n"
      "From c@x Mon Feb  3 12:00:00 2020\nFrom: c@x\n\nThree.\n", "in.mbox");
  ASSERT_TRUE(r.ok) << codes_of(r);
  ASSERT_EQ(r.documents.size(), 4u);
  EXPECT_NE(r.documents[0].view().text().find("One. From here on.From there.From here it is text"), std::string::npos)
      << r.documents[0].view().text();
  const std::string dump = r.documents[2].dump();
  EXPECT_NE(dump.find("source 1 in 0 \"1@example.org\""), std::string::npos) << dump;
  EXPECT_NE(dump.find("source 2 in 1 \"a.note\""), std::string::npos) << dump;
  EXPECT_EQ(r.documents[3].dump().find("source 1"), std::string::npos) << "a source of others' members";
}

TEST(eml, names_of_parts_that_are_skipped_are_fields_once) {
  const auto r = import<eml_importer>(
      "From: a@x\nContent-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/encrypted; boundary=b\n\n--b\n"
      "Content-Type: application/octet-stream; name=encrypted.asc\n\nsecret\n--b--\n--a\n"
      "Content-Type: multipart/alternative; boundary=c\n\n--c\n\nHello.\n--c\nContent-Type: multipart/mixed; boundary=d\n\n"
      "--d\nContent-Type: text/html; name=a.html\nContent-Disposition: attachment\n\n<p>\n--d--\n--c--\n--a--\n",
      "talk.eml", {{"alternative", "\"plain\""}});
  ASSERT_TRUE(r.ok) << codes_of(r) << (r.diagnostics.empty() ? "" : r.diagnostics.back().message);
  EXPECT_NE(r.documents[0].view().text().find("encrypted.asca.html"), std::string::npos) << r.documents[0].view().text();
}

TEST(eml, dates_are_extended_dates) {
  const auto edtf = [](const char *text) { return mail::edtf_of_mail_date(text).value_or("none"); };
  EXPECT_EQ(edtf("Mon, 3 Feb 2020 10:00:00 +0100 (CET)"), "2020-02-03T10:00:00+01:00");
  EXPECT_EQ(edtf("3 Feb 99 10:00 GMT"), "1999-02-03T10:00:00Z");
  EXPECT_EQ(edtf("Mon Feb  3 10:00:00 2020"), "2020-02-03T10:00:00");
  EXPECT_EQ(edtf("30 Feb 2020 10:00:00 +0000"), "none");
  EXPECT_EQ(edtf("yesterday"), "none");
  EXPECT_EQ(edtf(""), "none");
}

TEST(eml, encoded_words_and_raw_bytes_become_text) {
  EXPECT_EQ(mail::plain_words("=?utf-8?Q?Caf=C3=A9_=C3?= =?utf-8?Q?=A9?= x"), "Café é x");
  EXPECT_EQ(mail::plain_words("=?koi8-r?B?8NLJ18XU?="), "Привет");
  EXPECT_EQ(mail::plain_words("=?x-none?Q?abc?= =?=?"), "abc =?=?");
  EXPECT_EQ(mail::plain_words("caf\xe9"), "café");
}

TEST(eml, parameters_are_put_together) {
  const std::string all =
      "Content-Type: application/pdf; name*0*=utf-8''%E2%82%AC%20; name*1=\"rates.pdf\"\n\nx";
  EXPECT_EQ(mail::read_entity(all, 0, all.size()).file_name.value, "€ rates.pdf");
}

TEST(eml, parts_nested_too_deep_are_an_error_that_says_so) {
  std::string deep = "text";
  for (int k = 0; k < 80; ++k)
    deep = "Content-Type: multipart/mixed; boundary=b" + std::to_string(k) + "\n\n--b" + std::to_string(k) + "\n" + deep;
  const auto r = import<eml_importer>("From: a@x\n" + deep, "deep.eml");
  EXPECT_FALSE(r.ok);
  ASSERT_FALSE(r.diagnostics.empty());
  EXPECT_EQ(r.diagnostics[0].code, "eml.too-deep");
  EXPECT_NE(r.diagnostics[0].message.find("depth of parts"), std::string::npos);
}

}  // namespace
}  // namespace calque::plugins

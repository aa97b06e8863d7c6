// SPDX-License-Identifier: Apache-2.0
// One message as a document: fields from its headers, then its body; other parts go to other importers.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "plugins/eml/body_text.hpp"
#include "plugins/eml/eml.hpp"
#include "plugins/eml/entity.hpp"

namespace calque::plugins::mail {

class message_writer {
 public:
  message_writer(const eml_importer &rules, std::string_view all, std::string_view file, from_quoting quoting,
                 builder &out, const call &c)
      : rules_(rules), all_(all), file_(file), quoting_(quoting), out_(out), call_(c) {}

  /// The message in [begin, end); `number` counts those of a mailbox from 1, and is 0 for a message that is the file.
  void write(uint64_t begin, uint64_t end, unsigned number);

 private:
  // Headers (message_fields.cpp).
  void write_fields(const entity &);
  void write_header(const header &);
  void write_value(std::string_view key, const header &, uint64_t begin, uint64_t end);
  void write_attachment_names(const entity &);
  void skip_but_names(const entity &, uint64_t begin, uint64_t end, std::string_view code);
  void skip_part_header(const entity &e) { skip_but_names(e, e.begin, e.body, "eml.part-header"); }

  // Bodies (message.cpp).
  void write_part(const entity &, bool is_root);
  void write_multipart(const entity &);
  void write_parts_around(const entity &, std::string_view code);
  void write_alternative(const entity &);
  bool embed_html(const entity &);
  const entity *html_of(const entity &) const;
  void write_text(const entity &);
  void write_html(const entity &);
  void write_attachment(const entity &, std::string_view code_when_unknown);
  void keep(const entity &, std::string_view bytes, std::string_view code);
  bool is_attachment(const entity &) const;

  stored_bytes body_of(const entity &) const;
  void check_transfer(const entity &, const stored_bytes &) const;
  std::string name_of(const entity &) const;
  uint32_t container();
  void report(level, const entity &, std::string_view code, const std::string &message, std::string_view hint = {}) const;
  void skip(uint64_t begin, uint64_t end, std::string_view code) const {
    if (begin < end) out_.skip({begin, end}, code);
  }

  const eml_importer &rules_;
  const std::string_view all_, file_;
  const from_quoting quoting_;
  builder &out_;
  const call &call_;

  uint64_t begin_ = 0, end_ = 0;
  unsigned number_ = 0;
  uint32_t container_ = 0;  // the source that attachments lie in: the file, or this message of a mailbox
  std::string message_id_;
  std::set<const entity *> named_;  // whose names are fields
  std::set<std::string> resources_;
  bool has_text_ = false;
};

}  // namespace calque::plugins::mail

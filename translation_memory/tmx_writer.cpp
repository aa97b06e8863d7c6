// SPDX-License-Identifier: Apache-2.0
// Puts units together from what the memory keeps of them as TMX.
#include "translation_memory/tmx_writer.hpp"

#include "translation_memory/tmx_names.hpp"

namespace calque::tm {
namespace {

void put_property(std::string &out, std::string_view type, std::string_view value) {
  ((out += "<prop type=\"") += type) += "\">";
  put_escaped(out, value);
  out += "</prop>";
}

void put_half(std::string &out, const half &one) {
  out += "  <tuv";
  put_attribute(out, "xml:lang", one.language);
  ((out += one.attributes) += '>') += one.notes;
  out += "<seg>";
  if (one.markup.empty())
    put_escaped(out, one.text);
  else
    out += one.markup;
  out += "</seg></tuv>\n";
}

}  // namespace

tmx_writer::tmx_writer(std::function<void(const std::string &)> put, std::span<const std::string> header_notes)
    : put_(std::move(put)) {
  line_ =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tmx version=\"1.4\">\n"
      "<header creationtool=\"calque\" creationtoolversion=\"1\" segtype=\"sentence\" o-tmf=\"calque\" "
      "adminlang=\"en\" "
      "srclang=\"*all*\" datatype=\"plaintext\">";
  for (const std::string &note : header_notes) (line_ += '\n') += note;
  line_ += "</header>\n<body>\n";
  put_(line_);
}

void tmx_writer::write(const unit &u) {
  line_ = "<tu";
  put_attribute(line_, "tuid", u.name);
  line_ += u.attributes;
  put_attribute(line_, "srclang", u.source.language);
  (line_ += '>') += u.notes;
  put_property(line_, file_property, u.file);
  for (const context &c : u.contexts) {
    put_property(line_, before_property, c.before);
    put_property(line_, after_property, c.after);
  }
  line_ += '\n';
  put_half(line_, u.source);
  put_half(line_, u.target);
  line_ += "</tu>\n";
  put_(line_);
}

void tmx_writer::end() {
  put_("</body>\n</tmx>\n");
}

}  // namespace calque::tm

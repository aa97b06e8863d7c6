// SPDX-License-Identifier: Apache-2.0
// Which files are pages, and in what encoding; all else is done by what EPUB shares.
#include "plugins/html/import.hpp"

#include "plugins/common/html/tree.hpp"

namespace calque::plugins {

namespace {

bool is_xhtml(std::string_view name, std::string_view media_type, std::string_view text) {
  if (media_type.starts_with("application/xhtml+xml") || name.ends_with(".xhtml") || name.ends_with(".xht")) return true;
  return html_reading::trimmed(text.substr(0, 256)).starts_with("<?xml");
}

}  // namespace

int html_importer::probe(const calque::probe &file) {
  const std::string head = html_reading::lower(decoded_head(file.head()).substr(0, 2048));
  if (head.empty()) return 0;
  const bool begins = html_reading::trimmed(head).starts_with("<!doctype html");
  const bool has_root = head.find("<html") != std::string::npos;
  if (file.has_suffix(".html") || file.has_suffix(".htm") || file.has_suffix(".xhtml") || file.media_type() == "text/html" ||
      file.media_type() == "application/xhtml+xml")
    return begins || has_root ? 90 : 60;
  return begins ? 80 : has_root && html_reading::trimmed(head).starts_with("<") ? 60 : 0;
}

void html_importer::run(const input &in, builder &out, const call &c) const {
  const std::string_view bytes = in.bytes();
  std::string name = encoding;
  if (name == "auto") {
    const html_encoding found = find_html_encoding(bytes, in.media_type());
    name = found.name;
    if (!found.doubt.empty())
      c.report(level::warning, "html.encoding-label", found.doubt, "give `encoding` to be sure");
  }
  const decoded_text text = decode(bytes, {name, invalid == invalid_rule::replace}, "html");
  announce(text, out, c, "html");
  html_reading_options how;
  how.stage = "html";
  how.keep_hidden = hidden == hidden_rule::keep;
  how.is_xhtml = is_xhtml(in.name(), in.media_type(), text.text());
  read_html(text, out, c, how);
}

}  // namespace calque::plugins

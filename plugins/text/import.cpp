// SPDX-License-Identifier: Apache-2.0
// Plain text to paragraphs. A line end inside a paragraph is a soft break; a form feed ends page and paragraph.
#include "plugins/text/import.hpp"

#include "plugins/common/lines.hpp"

#include <vector>

namespace calque::plugins {

int text_importer::probe(const calque::probe &file) {
  if (decoded_head(file.head()).empty()) return 0;
  return file.has_suffix(".txt") || file.has_suffix(".text") || file.media_type() == "text/plain" ? 20 : 5;
}

void text_importer::run(const input &in, builder &out, const call &c) const {
  const decoded_text text = decode(in.bytes(), {encoding, invalid == invalid_rule::replace}, "text");
  announce(text, out, c, "text");

  std::vector<line> paragraph;
  bool page_ended = false, has_text = false;
  auto write_paragraph = [&] {
    if (paragraph.empty()) return;
    if (page_ended) out.marks().point("calque.page/1", "page", out.position()).text("source", "layout");
    const scope block = out.begin(kind::paragraph);
    for (size_t k = 0; k < paragraph.size(); ++k) {
      if (k > 0) out.text(" ", text.source_of(paragraph[k - 1].end, paragraph[k - 1].next), kind::soft_break);
      put_text(out, text, paragraph[k].begin, paragraph[k].end);
    }
    const line last = paragraph.back();
    if (last.end < last.next)
      out.skip(text.source_of(last.end, last.next), last.ends_page ? "text.page-break" : "text.line-end");
    page_ended = last.ends_page;
    has_text = true;
    paragraph.clear();
  };
  for (const line &l : split_lines(text.text())) {
    const line inner = without_blanks(text.text(), l);
    if (inner.begin == inner.end) {
      write_paragraph();
      out.skip(text.source_of(l.begin, l.next), l.ends_page ? "text.page-break" : "text.blank-line");
      page_ended = page_ended || (l.ends_page && has_text);
    } else {
      paragraph.push_back(l);
      if (paragraphs == paragraph_rule::lines || l.ends_page) write_paragraph();
    }
  }
  write_paragraph();
  if (!has_text)
    throw failure("text.empty", "the file holds blanks and line ends, but no text", "check how it was written");
}

}  // namespace calque::plugins

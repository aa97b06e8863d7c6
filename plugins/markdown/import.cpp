// SPDX-License-Identifier: Apache-2.0
// The stage: which files it takes, and one file through both passes.
#include "plugins/markdown/import.hpp"

#include "plugins/markdown/document_writer.hpp"

namespace markdown {

using calque::plugins::decoded_text;

int importer::probe(const calque::probe &file) {
  const std::string head = calque::plugins::decoded_head(file.head());
  if (head.empty()) return 0;
  const bool is_named = file.has_suffix(".md") || file.has_suffix(".markdown") || file.media_type() == "text/markdown";
  // Any text could be Markdown; what is not called so is more likely none.
  return is_named ? 90 : 4;
}

void importer::run(const calque::input &in, calque::builder &out, const calque::call &call) const {
  const decoded_text text = calque::plugins::decode(in.bytes(), {encoding, invalid == invalid_rule::replace}, "markdown");
  calque::plugins::announce(text, out, call, "markdown");
  document_writer(out, call, text, autolinks).write();
}

}  // namespace markdown

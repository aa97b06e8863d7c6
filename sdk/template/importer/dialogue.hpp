// SPDX-License-Identifier: Apache-2.0
// The dialogue format, apart from the plugin's table so that the tests can reach it.
#pragma once

#include <calque/calque.hpp>

namespace dialogue {

struct importer : calque::importer {
  std::string mark = ">";

  static constexpr calque::stage_info info{"org.example.dialogue", "0.1.0", "Reads dialogues, a line a speech", CALQUE_TILED};
  static constexpr auto options = calque::options(calque::opt("mark", &importer::mark, "\">\"", "What ends a name"));
  static constexpr auto codes = calque::codes(calque::code("dialogue.layout", "Marks and line ends, which hold no words."));
  static constexpr auto accepts = calque::list("*.dialogue");

  static int probe(const calque::probe &p) { return p.has_suffix(".dialogue") ? 90 : 0; }

  // Every byte goes into the document with its place, or is skipped with a code: the host adds them up.
  void run(const calque::input &in, calque::builder &out) const {
    const std::string_view all = in.bytes();
    for (size_t at = 0; at < all.size();) {
      const size_t end = std::min(all.find('\n', at), all.size());
      line(all, at, end, out);
      if (end < all.size()) out.skip({end, end + 1}, "dialogue.layout");
      at = end + 1;
    }
  }

 private:
  void line(std::string_view all, size_t at, size_t end, calque::builder &out) const {
    if (at == end) return;
    const size_t found = all.substr(at, end - at).find(mark);
    if (all.substr(at, 2) == "# ") {
      out.skip({at, at + 2}, "dialogue.layout");
      words(all, at + 2, end, calque::kind::heading, out);
    } else if (found != std::string_view::npos) {
      auto speech = out.begin(calque::kind::speech);
      words(all, at, at + found, calque::kind::speaker, out);
      out.skip({at + found, at + found + mark.size()}, "dialogue.layout");
      words(all, at + found + mark.size(), end, calque::kind::paragraph, out);
    } else {
      words(all, at, end, calque::kind::paragraph, out);
    }
  }

  static void words(std::string_view all, size_t at, size_t end, calque::kind kind, calque::builder &out) {
    auto block = out.begin(kind);
    if (at < end) out.text(all.substr(at, end - at), {at, end});
  }
};

}  // namespace dialogue

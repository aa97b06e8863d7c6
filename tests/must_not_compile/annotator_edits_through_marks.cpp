// SPDX-License-Identifier: Apache-2.0
// What an annotator is given to write to has marks, and nothing that changes text.
#include <calque/calque.hpp>

struct capitals : calque::annotator {
  static constexpr calque::stage_info info{"example.capitals", "1.0.0", "Marks words in capitals"};
  static constexpr auto written_layers = calque::list("example.capitals/1");
  void run(calque::document_view, calque::marks &out) const {
    out.span("example.capitals/1", "capitals", {0, 0});
#ifdef CALQUE_OFFENCE
    out.edit({0, 0}, "x");
#endif
  }
};

CALQUE_PLUGIN("capitals", "1.0.0", "Apache-2.0", "https://example.org", capitals)

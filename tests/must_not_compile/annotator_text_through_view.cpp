// SPDX-License-Identifier: Apache-2.0
// The view of a document hands out text to read, not to write.
#include <calque/calque.hpp>

struct capitals : calque::annotator {
  static constexpr calque::stage_info info{"example.capitals", "1.0.0", "Marks words in capitals"};
  void run(calque::document_view document, calque::marks &) const {
    if (document.text().empty()) return;
#ifdef CALQUE_OFFENCE
    document.text()[0] = 'X';
#endif
  }
};

CALQUE_PLUGIN("capitals", "1.0.0", "Apache-2.0", "https://example.org", capitals)

// SPDX-License-Identifier: Apache-2.0
// A stage that derives from annotator cannot ask for a rewrite: its table is not made.
#include <calque/calque.hpp>

struct capitals : calque::annotator {
  static constexpr calque::stage_info info{"example.capitals", "1.0.0", "Marks words in capitals"};
#ifdef CALQUE_OFFENCE
  void run(calque::document_view, calque::rewrite &) const {}
#else
  void run(calque::document_view, calque::marks &) const {}
#endif
};

CALQUE_PLUGIN("capitals", "1.0.0", "Apache-2.0", "https://example.org", capitals)

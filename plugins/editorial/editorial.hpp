// SPDX-License-Identifier: Apache-2.0
// The stage calque.editorial: writes calque.editorial/1 from the brackets of a document.
#pragma once

#include "plugins/editorial/interventions.hpp"

#include <calque/calque.hpp>

namespace calque::editorial {

struct editorial : annotator {
  static constexpr stage_info info{"calque.editorial", "0.1.0",
                                   "Tells apart what brackets mean: sic, supplied, gloss, omitted, and nine more"};
  static constexpr auto used_layers = list("calque.name/1");
  static constexpr auto written_layers = list("calque.editorial/1");
  static constexpr auto codes = calque::codes(
      code("editorial.unclosed-bracket",
           "A bracket is opened and not closed in its block. It is left as it is, without an annotation, since "
           "nothing says where it would end.",
           thing::span, effect::none, level::warning),
      code("editorial.unopened-bracket", "A bracket is closed that was not opened in its block. It is left as it is.",
           thing::span, effect::none, level::warning),
      code("editorial.bad-vocabulary",
           "An entry of `vocabulary` is not of the form `PHRASE = KIND`, or names a kind that calque.editorial/1 has "
           "not.",
           thing::text, effect::none, level::error));

  std::vector<std::string> extra;
  bool wide = true;

  static constexpr auto options = calque::options(
      opt("vocabulary", &editorial::extra, "[]",
          "phrases and their kinds, \"sello = marginal\"; a star at the begin or end stands for any words"),
      opt("wide_brackets", &editorial::wide, "true", "whether ［］, 〔〕 and 【】 are brackets too"));

  void prepare();
  void run(document_view, marks &, const call &) const;

 private:
  vocabulary vocabulary_;
};

}  // namespace calque::editorial

// SPDX-License-Identifier: Apache-2.0
// The stage calque.cast: writes persons, speakers and the venue to calque.name/1.
#pragma once

#include "plugins/cast/circumstances.hpp"
#include "plugins/cast/name_forms.hpp"

#include <calque/calque.hpp>

namespace calque::cast {

struct cast : annotator {
  static constexpr stage_info info{"calque.cast", "0.1.0",
                                   "Finds who speaks, takes part, interprets and writes, and where it happens"};
  static constexpr auto written_layers = list("calque.name/1");
  static constexpr auto codes = calque::codes(
      code("cast.ambiguous-label",
           "A speaker's label fits more than one person. The speeches under it have a person of their own.", thing::span,
           effect::none, level::warning));

  std::vector<std::string> participants, interpreters, writers, venues;
  static constexpr auto options = calque::options(
      opt("participant_labels", &cast::participants, "[]", "labels of lists of persons, beside the built-in ones"),
      opt("interpreter_labels", &cast::interpreters, "[]", "labels before the interpreter's name"),
      opt("writer_labels", &cast::writers, "[]", "labels before the name of who wrote the minutes"),
      opt("venue_labels", &cast::venues, "[]", "labels before the place of the meeting"));

  void prepare();
  void run(document_view, marks &, const call &) const;

 private:
  circumstance_labels labels_;
  std::unique_ptr<slug_maker> slugs_ = std::make_unique<slug_maker>();
};

}  // namespace calque::cast

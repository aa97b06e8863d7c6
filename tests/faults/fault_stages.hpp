// SPDX-License-Identifier: Apache-2.0
// The four stages that commit the faults that a document asks for, and are ordinary stages otherwise.
#pragma once

#include <calque/calque.hpp>

#include "fault.hpp"

namespace faults {

inline constexpr auto common_codes =
    calque::codes(calque::code("test.fault-line", "The line that asks the importer for a fault; no text."),
                  calque::code("test.layout", "A line end, which parts paragraphs."),
                  calque::code("test.edited", "A letter that a half-done normalizer has changed.", calque::thing::text,
                               calque::effect::changed),
                  calque::code("test.fault-denied", "The system refused what a fault tried."),
                  calque::code("test.fault-warn", "A warning that the document asked for.", calque::thing::text,
                               calque::effect::none, calque::level::warning),
                  calque::code("test.fault-fail", "A failure that the document asked for.", calque::thing::text,
                               calque::effect::none, calque::level::error),
                  calque::code("test.fault-reject", "The document asked to be no document.", calque::thing::text,
                               calque::effect::none, calque::level::error),
                  calque::code("test.fault-half", "The stage failed in the middle of its work, as asked.",
                               calque::thing::text, calque::effect::none, calque::level::error),
                  calque::code("test.fault-escaped", "What a jail must refuse has worked.", calque::thing::text,
                               calque::effect::none, calque::level::error),
                  calque::code("test.fault-survived", "What no process should outlive did not end it.",
                               calque::thing::text, calque::effect::none, calque::level::error),
                  calque::code("test.fault-unknown", "There is no fault of that name for this stage.",
                               calque::thing::text, calque::effect::none, calque::level::error));

struct fault_importer : calque::importer {
  static constexpr calque::stage_info info{"test.fault", "1.0.0", "A paragraph a line; commits the fault it reads",
                                           CALQUE_TILED};
  static constexpr auto codes = common_codes;
  /// Never chosen for what it reads: a pipeline names it.
  static int probe(const calque::probe &) { return 0; }
  void run(const calque::input &, calque::builder &, const calque::call &) const;
};

struct fault_normalizer : calque::normalizer {
  static constexpr calque::stage_info info{"test.fault_normalize", "1.0.0", "Changes nothing, or commits a fault"};
  static constexpr auto codes = common_codes;
  void run(calque::document_view, calque::rewrite &, const calque::call &) const;
};

struct fault_annotator : calque::annotator {
  static constexpr calque::stage_info info{"test.fault_annotate", "1.0.0", "A segment a paragraph, or a fault"};
  static constexpr auto codes = common_codes;
  static constexpr auto written_layers = calque::list("calque.segment/1");
  void run(calque::document_view, calque::marks &, const calque::call &) const;
};

struct fault_exporter : calque::exporter {
  std::string mark;

  static constexpr calque::stage_info info{"test.fault_export", "1.0.0", "A line a paragraph, or a fault"};
  static constexpr auto options =
      calque::options(calque::opt("mark", &fault_exporter::mark, "\"\"", "What every line begins with"));
  static constexpr auto accepts = calque::list("text/plain", "*.txt");
  static constexpr auto codes = common_codes;
  void run(calque::document_view, calque::output &, const calque::call &) const;
};

}  // namespace faults

// SPDX-License-Identifier: Apache-2.0
// The stage calque.dates: writes calque.date/1.
#pragma once

#include "plugins/dates/date_parser.hpp"

#include <calque/calque.hpp>

#include <unordered_set>

namespace calque::dates {

struct dates : annotator {
  static constexpr stage_info info{"calque.dates", "0.1.0", "Marks dates and times, with their value in EDTF"};
  static constexpr auto written_layers = list("calque.date/1");

  numeric_order order = numeric_order::day_first;
  bool infer_year = true;
  std::vector<std::string> fields, time_labels;
  static constexpr auto options = calque::options(
      opt("numeric_order", &dates::order, "\"day-first\"",
          "how 4/5/1962 and 4-5-1962 are read; off: they are no dates. Stops (4.5.1962) put the day first",
          choices("day-first", "month-first", "off")),
      opt("infer_year", &dates::infer_year, "true",
          "whether a date without a year gets the year of the document's date, as uncertain"),
      opt("fields", &dates::fields, "[\"date\"]", "fields whose dates are marked; the first dates the document"),
      opt("time_labels", &dates::time_labels, "[]", "labels before the time of the meeting, beside the built-in ones"));

  void prepare();
  void run(document_view, marks &, const call &) const;

 private:
  std::unordered_set<std::string> labels_;
};

}  // namespace calque::dates

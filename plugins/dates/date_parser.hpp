// SPDX-License-Identifier: Apache-2.0
// Finds dates in running text and says what they mean.
#pragma once

#include "plugins/dates/edtf.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calque::dates {

/// How 4/5/1962 is read.
enum class numeric_order { day_first, month_first, off };

struct reading {
  numeric_order order = numeric_order::day_first;
  std::optional<moment> near;  // the document's own date: the year of dates that print none
  bool infer = true;           // whether `near` is used
  bool times_alone = false;    // whether a time without a date is one, on the day of `near`
};

struct finding {
  uint32_t begin = 0, end = 0;
  std::string edtf;
  std::vector<std::pair<uint32_t, uint32_t>> printed;  // the date, then each time, as printed
  moment first;                                        // the date, or the begin of the range
  bool is_inferred = false;                            // a year, or a day, is taken from `near`
};

/// In order, without overlap. One pass: a long text is read in pieces that end at blanks.
std::vector<finding> find_dates(std::string_view text, const reading &);

}  // namespace calque::dates

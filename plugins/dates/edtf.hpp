// SPDX-License-Identifier: Apache-2.0
// Dates as the Extended Date/Time Format writes them (ISO 8601-2, levels 0 to 2).
#pragma once

#include <optional>
#include <string>

namespace calque::dates {

/// A point in time, as exact as it is known. Members that are not known are -1.
struct moment {
  int year = -1, month = -1, day = -1;
  int season = -1;            // 21 spring to 24 winter, in place of a month
  int hour = -1, minute = 0;
  int unknown_digits = 0;     // 1: a decade, 195X; 2: a century, 18XX; `year` is its first year
  bool uncertain = false, approximate = false;

  bool has_day() const { return day > 0; }
  bool has_time() const { return hour >= 0; }
  bool operator==(const moment &) const = default;
};

/// Whether the calendar has that day: no 31 April; 29 February in leap years, or when no year is known.
bool is_real(const moment &);
/// The day after, time kept.
moment next_day(moment);

/// "1962-04-29T17:50", "1962-21", "195X", "1962~", "XXXX-04-24" when no year is known.
std::string to_edtf(const moment &);
/// "1917/1933"
std::string to_edtf(const moment &from, const moment &to);

}  // namespace calque::dates

// SPDX-License-Identifier: Apache-2.0
// Writes EDTF, and knows the lengths of months.
#include "plugins/dates/edtf.hpp"

namespace calque::dates {
namespace {

bool is_leap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int days_of(int year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && (year < 0 || is_leap(year)) ? 29 : days[month - 1];
}

std::string digits(int value, size_t width) {
  std::string text = std::to_string(value);
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}

}  // namespace

bool is_real(const moment &m) {
  if (m.month == 0 || m.month > 12 || m.day == 0 || m.day > 31) return false;
  return m.day < 0 || m.month < 0 || m.day <= days_of(m.year, m.month);
}

moment next_day(moment m) {
  if (++m.day > days_of(m.year, m.month)) {
    m.day = 1;
    if (++m.month > 12) {
      m.month = 1;
      ++m.year;
    }
  }
  return m;
}

std::string to_edtf(const moment &m) {
  std::string out = m.year < 0 ? "XXXX" : digits(m.year, 4);
  for (int k = 0; k < m.unknown_digits; ++k) out[3 - static_cast<size_t>(k)] = 'X';
  if (m.season > 0) {
    out += "-" + digits(m.season, 2);
  } else if (m.month > 0) {
    out += "-" + digits(m.month, 2);
    if (m.day > 0) out += "-" + digits(m.day, 2);
  }
  // A time cannot carry a qualifier in EDTF; what is uncertain about it is said by the annotation's certainty.
  if (m.has_time() && m.has_day()) return out + "T" + digits(m.hour, 2) + ":" + digits(m.minute, 2);
  if (m.uncertain && m.approximate) return out + "%";
  if (m.uncertain) return out + "?";
  return m.approximate ? out + "~" : out;
}

std::string to_edtf(const moment &from, const moment &to) {
  return to_edtf(from) + "/" + to_edtf(to);
}

}  // namespace calque::dates

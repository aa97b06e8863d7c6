// SPDX-License-Identifier: Apache-2.0
// Extended dates (EDTF) taken apart into plain ISO forms, where they have one.
#include "edition.hpp"

#include <algorithm>

namespace edition {
namespace {

bool are_digits(std::string_view text, bool or_unspecified) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [&](char c) { return (c >= '0' && c <= '9') || (or_unspecified && c == 'X'); });
}

int number(std::string_view digits) {
  int value = 0;
  for (char c : digits) value = value * 10 + (c - '0');
  return value;
}

std::string two(int value) {
  return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
}

int days_in(int year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && is_leap ? 29 : days[month - 1];
}

/// Year, month and day; X stands for a digit that is not known.
bool read_date(std::string_view text, edtf_date::bound &bound) {
  const std::string_view year = text.substr(0, 4);
  std::string_view month, day;
  if (text.size() >= 7 && text[4] == '-') month = text.substr(5, 2);
  if (text.size() == 10 && text[7] == '-') day = text.substr(8, 2);
  if (text.size() != 4 + (month.empty() ? 0u : 3u) + (day.empty() ? 0u : 3u)) return false;
  if (year.size() != 4 || !are_digits(year, true)) return false;
  if (!month.empty() && !are_digits(month, true)) return false;
  if (!day.empty() && !are_digits(day, true)) return false;
  const bool has_x = text.find('X') != std::string_view::npos;
  if (!month.empty() && month != "XX" &&
      (month.find('X') != std::string_view::npos || number(month) < 1 || number(month) > 12))
    return false;
  if (!has_x) {
    if (!day.empty() && (number(day) < 1 || number(day) > days_in(number(year), number(month)))) return false;
    bound.value = std::string(text);
    return true;
  }
  std::string low(year), high(year);
  // A digit that is not known may only be followed by such digits.
  const size_t x = year.find('X');
  if (x != std::string_view::npos && year.find_first_not_of('X', x) != std::string_view::npos) return false;
  std::replace(low.begin(), low.end(), 'X', '0');
  std::replace(high.begin(), high.end(), 'X', '9');
  if (x != std::string_view::npos) {
    // --04-29: the day of a year that is not known.
    if (year == "XXXX" && are_digits(month, false) && are_digits(day, false)) {
      bound.value = "--" + std::string(month) + "-" + std::string(day);
      return true;
    }
    if (year == "XXXX" || (!month.empty() && month != "XX")) return false;
  } else if (month == "XX") {
    if (!day.empty() && day != "XX") return false;
    low += "-01", high += "-12";
    if (!day.empty()) low += "-01", high += "-31";
  } else {
    if (day != "XX") return false;
    low += "-" + std::string(month) + "-01";
    high += "-" + std::string(month) + "-" + two(days_in(number(year), number(month)));
  }
  bound.first = low, bound.last = high;
  return true;
}

bool read_bound(std::string_view text, edtf_date &whole, edtf_date::bound &bound) {
  std::string plain;
  for (char c : text) {
    if (c == '?' || c == '%') whole.is_uncertain = true;
    if (c == '~' || c == '%') whole.is_approximate = true;
    if (c != '?' && c != '~' && c != '%') plain += c;
  }
  if (plain.empty() || plain == "..") return true;
  const size_t t = plain.find('T');
  if (t == std::string::npos) return read_date(plain, bound);
  const std::string_view time = std::string_view(plain).substr(t + 1);
  if (time.size() != 5 && time.size() != 8) return false;
  if (time[2] != ':' || !are_digits(time.substr(0, 2), false) || !are_digits(time.substr(3, 2), false)) return false;
  if (time.size() == 8 && (time[5] != ':' || !are_digits(time.substr(6, 2), false))) return false;
  if (number(time.substr(0, 2)) > 23 || number(time.substr(3, 2)) > 59) return false;
  if (t != 10 || !read_date(std::string_view(plain).substr(0, t), bound) || bound.value.empty()) return false;
  bound.value = plain;
  return true;
}

}  // namespace

std::optional<edtf_date> read_edtf(std::string_view text) {
  edtf_date made;
  const size_t slash = text.find('/');
  made.is_interval = slash != std::string_view::npos;
  if (!read_bound(text.substr(0, slash), made, made.begin)) return std::nullopt;
  if (made.is_interval && !read_bound(text.substr(slash + 1), made, made.end)) return std::nullopt;
  const bool has_begin = !made.begin.value.empty() || !made.begin.first.empty();
  const bool has_end = !made.end.value.empty() || !made.end.first.empty();
  if (!has_begin && !has_end) return std::nullopt;
  return made;
}

}  // namespace edition

// SPDX-License-Identifier: Apache-2.0
// Reads dates word by word, without the locale.
#include "plugins/eml/mail_date.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "plugins/eml/ascii.hpp"

namespace calque::plugins::mail {
namespace {

using std::string_view;

constexpr std::array<string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};

/// Words between blanks, commas and hyphens within dates; what parentheses hold is a remark.
std::vector<std::string> words_of_date(string_view text) {
  std::vector<std::string> words(1);
  int depth = 0;
  for (const char c : text) {
    if (c == '(') ++depth;
    const bool parts = depth > 0 || is_ascii_gap(c) || c == ',';
    if (c == ')' && depth > 0) --depth;
    if (!parts)
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::optional<int> number(string_view digits, size_t most) {
  if (digits.empty() || digits.size() > most) return std::nullopt;
  int value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

bool is_weekday(string_view word) {
  const std::string lower = lower_ascii(word.substr(0, 3));
  constexpr string_view days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  return word.size() >= 3 && std::find(std::begin(days), std::end(days), lower) != std::end(days);
}

int days_in(int year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && is_leap ? 29 : days[month - 1];
}

/// "+01:00", "Z", or "" where nothing is known.
std::optional<std::string> zone_of(string_view word) {
  if (word.size() == 5 && (word[0] == '+' || word[0] == '-')) {
    const auto hours = number(word.substr(1, 2), 2), minutes = number(word.substr(3), 2);
    if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    if (*hours == 0 && *minutes == 0) return "Z";
    return std::string(word.substr(0, 3)) + ":" + std::string(word.substr(3));
  }
  struct named {
    string_view name, zone;
  };
  constexpr named known[] = {{"ut", "Z"},       {"gmt", "Z"},      {"utc", "Z"},      {"z", "Z"},        {"est", "-05:00"},
                             {"edt", "-04:00"}, {"cst", "-06:00"}, {"cdt", "-05:00"}, {"mst", "-07:00"}, {"mdt", "-06:00"},
                             {"pst", "-08:00"}, {"pdt", "-07:00"}};
  for (const named &one : known)
    if (equal_ascii(word, one.name)) return std::string(one.zone);
  return "";  // a zone that nobody can place
}

}  // namespace

std::optional<std::string> edtf_of_mail_date(string_view text) {
  std::vector<std::string> words = words_of_date(text.substr(0, 200));
  if (!words.empty() && is_weekday(words[0])) words.erase(words.begin());
  // asctime's order, as some programs write it: Feb 3 10:00:00 2020
  if (words.size() >= 4 && number(words[1], 2) && words[2].find(':') != std::string::npos)
    words = {words[1], words[0], words[3], words[2]};
  if (words.size() < 3) return std::nullopt;
  const auto day = number(words[0], 2);
  const auto month = std::find(months.begin(), months.end(), lower_ascii(string_view(words[1]).substr(0, 3)));
  auto year = number(words[2], 4);
  if (!day || month == months.end() || !year) return std::nullopt;
  if (words[2].size() == 2) *year += *year < 50 ? 2000 : 1900;
  if (words[2].size() == 3) *year += 1900;
  const int m = static_cast<int>(month - months.begin()) + 1;
  if (*year < 1000 || *day < 1 || *day > days_in(*year, m)) return std::nullopt;
  char date[40];
  std::snprintf(date, sizeof date, "%04d-%02d-%02d", *year, m, *day);
  std::string edtf = date;
  if (words.size() < 4) return edtf;
  const string_view time = words[3];
  const size_t colon = time.find(':'), second = colon == time.npos ? time.npos : time.find(':', colon + 1);
  const auto hours = number(time.substr(0, colon), 2);
  const auto minutes = colon == time.npos ? std::nullopt : number(time.substr(colon + 1, second == time.npos ? second : second - colon - 1), 2);
  const auto seconds = second == time.npos ? std::optional(0) : number(time.substr(second + 1), 2);
  if (!hours || !minutes || !seconds || *hours > 23 || *minutes > 59 || *seconds > 60) return edtf;
  std::snprintf(date, sizeof date, "T%02d:%02d:%02d", *hours, *minutes, std::min(*seconds, 59));
  const auto zone = words.size() > 4 ? zone_of(words[4]) : std::optional<std::string>("");
  return edtf + date + zone.value_or("");
}

}  // namespace calque::plugins::mail

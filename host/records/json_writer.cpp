// SPDX-License-Identifier: Apache-2.0
// JSON onto the end of a text, value by value.
#include "host/records/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "host/document/stage_rules.hpp"

namespace calque::host {

// A comma stands between two values, and what was written last says whether one is due: no value ends in any of these.
void json_writer::separate() {
  if (!to_.empty() && std::string_view("{[:\n").find(to_.back()) == std::string_view::npos) to_ += ',';
}

void json_writer::begin(char bracket) {
  separate();
  to_ += bracket;
}

void json_writer::name(std::string_view name) {
  separate();
  to_ += '"';
  to_ += name;
  to_ += "\":";
}

void json_writer::value(std::string_view text) {
  separate();
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' && c != '\x7F';
  });
  if (is_plain && is_utf8(text)) {
    to_ += '"';
    to_ += text;
    to_ += '"';
  } else {
    to_ += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
}

void json_writer::value(bool is_so) {
  separate();
  to_ += is_so ? "true" : "false";
}

// JSON has no others.
void json_writer::value(double number) {
  separate();
  fmt::format_to(std::back_inserter(to_), "{}", std::isfinite(number) ? number : 0.0);
}

void json_writer::count(std::uint64_t number) {
  separate();
  fmt::format_to(std::back_inserter(to_), "{}", number);
}

}  // namespace calque::host

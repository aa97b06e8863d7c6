// SPDX-License-Identifier: Apache-2.0
// The table of all documents as the page's script reads it.
#include "host/records/document_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/records/failure_groups.hpp"
#include "host/pipeline/source_text.hpp"

namespace calque::host {
namespace {

bool is_inside(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

/// How many bytes both begin with, up to a whole code point.
std::size_t shared_bytes(std::string_view one, std::string_view other) {
  const auto differs = std::mismatch(one.begin(), one.end(), other.begin(), other.end()).first;
  auto same = static_cast<std::size_t>(differs - one.begin());
  while (same > 0 && ((same < one.size() && is_inside(one[same])) || (same < other.size() && is_inside(other[same]))))
    --same;
  return same;
}

/// The length as a script counts it.
std::size_t utf16_units(std::string_view text) {
  std::size_t units = 0;
  for (const char byte : text) units += is_inside(byte) ? 0 : static_cast<unsigned char>(byte) >= 0xF0 ? 2 : 1;
  return units;
}

}  // namespace

std::string json_text(std::string_view untrusted) {
  std::string text = "\"";
  for (const char byte : show_text(untrusted)) {
    if (byte == '"' || byte == '\\') text += '\\';
    if (byte == '<')
      text += "\\u003c";  // neither </script> nor <!-- can stand in the page then
    else
      text += byte;
  }
  return text + '"';
}

int document_rows::names::number_of(std::string_view name) {
  if (name.empty()) return -1;
  const auto [at, is_new] = numbers_.emplace(name, static_cast<int>(all_.size()));
  if (is_new) all_.emplace_back(name);
  return at->second;
}

void document_rows::put(block &to, const input_finished &one, std::string_view numbers) {
  if (to.is_full) {
    ++left_out_;
    return;
  }
  std::string name = show_text(one.input);
  const std::size_t shared = shared_bytes(name, to.last_name);
  const std::string row = fmt::format("[{},{},{}]", utf16_units(std::string_view(name).substr(0, shared)),
                                      json_text(std::string_view(name).substr(shared)), numbers);
  if (to.text.size() + row.size() + 2 > most_bytes) {
    to.is_full = true;
    ++left_out_;
    return;
  }
  to.text += to.text.empty() ? row : ",\n" + row;
  to.last_name = std::move(name);
}

void document_rows::add(const input_finished &one, verdict means) {
  const auto [code, stage] = cause_of(one);
  const int status = statuses_.number_of(one.status);
  const bool has_code = one.cause() != nullptr;
  if (status >= 0) {
    status_counts_.resize(statuses_.all().size());
    ++status_counts_[static_cast<std::size_t>(status)];
  }
  const bool is_fine = means == verdict::fine;
  put(is_fine ? others_ : failed_, one,
      fmt::format("{},{},{},{:.6g},{},{},{}", status, has_code || !is_fine ? codes_.number_of(code) : -1,
                  stages_.number_of(stage), one.took, one.peak_kib,
                  one.worker ? static_cast<std::int64_t>(*one.worker) : -1, one.bytes));
}

std::string document_rows::json() {
  // What both blocks together have too much goes from the end of the others, by whole rows.
  while (failed_.text.size() + others_.text.size() > most_bytes) {
    const std::size_t keep = most_bytes - std::min(failed_.text.size(), most_bytes);
    const std::size_t end = others_.text.rfind(",\n", keep);
    const std::size_t cut = end == std::string::npos ? 0 : end;
    left_out_ += static_cast<std::uint64_t>(
                     std::count(others_.text.begin() + static_cast<std::ptrdiff_t>(cut), others_.text.end(), '\n')) +
                 (cut == 0 ? 1 : 0);
    others_.text.resize(cut);
  }
  std::string all = "{\"statuses\":[";
  for (std::size_t k = 0; k < statuses_.all().size(); ++k) {
    const std::string &name = statuses_.all()[k];
    all += fmt::format("{}{{\"name\":{},\"sign\":\"{}\",\"count\":{},\"fine\":{}}}", k == 0 ? "" : ",", json_text(name),
                       find_status(name).sign, status_counts_[k], find_status(name).means == verdict::fine);
  }
  const auto list = [&](std::string_view key, const names &from) {
    all += fmt::format("],\"{}\":[", key);
    for (std::size_t k = 0; k < from.all().size(); ++k) all += (k == 0 ? "" : ",") + json_text(from.all()[k]);
  };
  list("codes", codes_);
  list("stages", stages_);
  all += "],\"rows\":[\n" + failed_.text;
  if (!failed_.text.empty() && !others_.text.empty()) all += ",\n";
  // Each block counts from an empty name.
  return all + others_.text + "\n]}";
}

}  // namespace calque::host

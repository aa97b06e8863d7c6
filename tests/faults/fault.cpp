// SPDX-License-Identifier: Apache-2.0
// Finds the fault that a line asks for, and hands it to the family that knows it.
#include "fault.hpp"

#include <time.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace faults {
namespace {

/// The part before the first blank; `rest` keeps what comes after it.
std::string_view take_word(std::string_view &rest) {
  const size_t blank = std::min(rest.find(' '), rest.size());
  const std::string_view word = rest.substr(0, blank);
  rest.remove_prefix(std::min(blank + 1, rest.size()));
  return word;
}

}  // namespace

uint64_t fault::number(uint64_t otherwise) const {
  uint64_t value = otherwise;
  std::from_chars(argument.data(), argument.data() + argument.size(), value);
  return value;
}

std::optional<fault> fault_in_line(std::string_view line, std::string_view stage) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  const std::string_view mark = take_word(line);
  if (mark == "fault-in:" ? take_word(line) != stage : mark != "fault:" || stage != "import") return std::nullopt;
  const std::string_view name = take_word(line);
  if (name.empty()) return std::nullopt;
  return fault{std::string(name), std::string(line)};
}

outcome commit(const fault &f) {
  for (auto *family : {end_or_hang, eat_memory, break_descriptors, change_process, escape})
    if (outcome ended = family(f); ended.what != outcome::is::unknown) return ended;
  return {outcome::is::unknown, {}};
}

outcome denied(std::string_view what) {
  const int number = errno;
  return {outcome::is::denied, std::string(what) + ": " + strerrorname_np(number)};
}

void sleep_ms(uint64_t milliseconds) {
  timespec left{static_cast<time_t>(milliseconds / 1000), static_cast<long>(milliseconds % 1000 * 1'000'000)};
  while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR) continue;
}

void sleep_for_ever() {
  for (;;) sleep_ms(3'600'000);
}

}  // namespace faults

// SPDX-License-Identifier: Apache-2.0
// Counts, times and sizes as people read them.
#include "host/records/shown_units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace calque::host {

std::string show_count(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string show_counted(std::uint64_t count, const char *noun) {
  return fmt::format("{} {}{}", show_count(count), noun, count == 1 ? "" : "s");
}

std::string show_duration(double ms) {
  if (!(ms > 0)) return "0 ms";
  if (ms < 9.95) return ms < 0.995 ? fmt::format("{:.2f} ms", ms) : fmt::format("{:.1f} ms", ms);
  if (ms < 999.5) return fmt::format("{:.0f} ms", ms);
  if (ms < 59'950) return fmt::format("{:.1f} s", ms / 1000);
  const auto seconds = static_cast<std::uint64_t>(std::min(std::round(ms / 1000), 9e15));
  if (seconds < 3600) return fmt::format("{} m {:02} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {:02} m", show_count(seconds / 3600), seconds % 3600 / 60);
}

std::string show_size(std::uint64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  constexpr const char *units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double size = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; size >= 1023.5 && unit + 1 < std::size(units); ++unit) size /= 1024;
  return size < 99.95 ? fmt::format("{:.1f} {}", size, units[unit]) : fmt::format("{:.0f} {}", size, units[unit]);
}

std::string show_share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0 || part == 0) return "0 %";
  if (part >= whole) return "100 %";
  const double share = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  return fmt::format("{:.1f} %", std::clamp(share, 0.1, 99.9));
}

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Counts, times and sizes as people read them. No locale has a say in it.
#pragma once

#include <cstdint>
#include <string>

namespace calque::host {

/// "12,345".
std::string show_count(std::uint64_t count);
/// "1 input", "12,345 inputs": the plural with an s.
std::string show_counted(std::uint64_t count, const char *noun);
/// "0.21 ms", "1.5 ms", "12 ms", "3.4 s", "3 m 04 s", "2 h 05 m".
std::string show_duration(double ms);
/// "512 B", "1.2 MiB".
std::string show_size(std::uint64_t bytes);
/// "0.2 %", "99.9 %": 100 % only for all of it, 0 % only for nothing.
std::string show_share(std::uint64_t part, std::uint64_t whole);

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// What a plugin may have changed about its process.
#include "host/worker/worker_condition.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <cfenv>
#include <climits>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <string_view>

#include "host/system/bytes_io.hpp"

extern char **environ;

namespace calque::host {
namespace {

/// The line of /proc/self/status that begins with `key`, without it.
std::string_view line_of(std::string_view status, std::string_view key) {
  const std::size_t at = status.find(key);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = status.substr(at + key.size());
  return rest.substr(0, rest.find('\n'));
}

std::size_t environment_hash() {
  std::size_t hash = 0;
  for (char **entry = environ; entry != nullptr && *entry != nullptr; ++entry)
    hash = hash * 31 + std::hash<std::string_view>{}(*entry);
  return hash;
}

}  // namespace

worker_condition::worker_condition() : self_(::open("/proc/self/status", O_RDONLY | O_CLOEXEC)) {}

std::string worker_condition::now() const {
  const std::string status = read_at(*self_, 0, 4096).value_or("");
  std::string text;
  for (const std::string_view key : {"Umask:", "Threads:", "SigBlk:", "SigIgn:", "SigCgt:"})
    text += fmt::format("{}{};", key, line_of(status, key));
  char folder[PATH_MAX];
  text += fmt::format("cwd {};", ::getcwd(folder, sizeof folder) != nullptr ? folder : "?");
  text += fmt::format("rounding {};", std::fegetround());
  const char *locale = std::setlocale(LC_ALL, nullptr);
  text += fmt::format("locale {};", locale != nullptr ? locale : "?");
  text += fmt::format("environment {};", environment_hash());
  itimerval timer{};
  ::getitimer(ITIMER_REAL, &timer);
  text += fmt::format("timer {};", timer.it_value.tv_sec != 0 || timer.it_value.tv_usec != 0 || timer.it_interval.tv_sec != 0);
  // The descriptors that were there, by what they lead to; and a new one gets the number that it always got, unless
  // something was left open.
  for (int fd = 0; fd < 16; ++fd) {
    struct stat info {};
    if (::fstat(fd, &info) == 0) text += fmt::format("{}:{}:{} ", fd, info.st_dev, info.st_ino);
  }
  const descriptor next(::fcntl(*self_, F_DUPFD_CLOEXEC, 0));
  text += fmt::format("next {}", *next);
  return text;
}

std::uint64_t worker_condition::resident_kib() const {
  const std::string status = read_at(*self_, 0, 4096).value_or("");
  return std::strtoull(std::string(line_of(status, "VmRSS:")).c_str(), nullptr, 10);
}

}  // namespace calque::host

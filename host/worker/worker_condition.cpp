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

#include "host/system/calls.hpp"

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

worker_condition::state worker_condition::look() const {
  // In one call: the kernel writes all of it anew for each, also for the one that finds the end.
  char bytes[4096];
  const ssize_t got = calls::pread(*self_, bytes, sizeof bytes, 0);
  const std::string_view status(bytes, got > 0 ? static_cast<std::size_t>(got) : 0);
  state now;
  now.resident_kib = std::strtoull(std::string(line_of(status, "VmRSS:")).c_str(), nullptr, 10);
  now.umask = static_cast<mode_t>(std::strtoul(std::string(line_of(status, "Umask:")).c_str(), nullptr, 8));
  auto &found = now.fields;
  for (const auto &[name, key] : {std::pair{"umask", "Umask:"}, {"threads", "Threads:"}, {"signal mask", "SigBlk:"},
                                  {"ignored signals", "SigIgn:"}})
    found.emplace_back(name, line_of(status, key));
  // The first thread makes the C library take two signals for itself.
  constexpr unsigned long long of_the_library = 3ULL << 31;
  const std::string caught(line_of(status, "SigCgt:"));
  found.emplace_back("signal handlers", std::to_string(std::strtoull(caught.c_str(), nullptr, 16) & ~of_the_library));
  char folder[PATH_MAX];
  found.emplace_back("working folder", ::getcwd(folder, sizeof folder) != nullptr ? folder : "?");
  found.emplace_back("rounding mode", std::to_string(std::fegetround()));
  const char *locale = std::setlocale(LC_ALL, nullptr);
  found.emplace_back("locale", locale != nullptr ? locale : "?");
  found.emplace_back("environment", std::to_string(environment_hash()));
  itimerval timer{};
  ::getitimer(ITIMER_REAL, &timer);
  found.emplace_back("timer", timer.it_value.tv_sec != 0 || timer.it_value.tv_usec != 0 ? "on" : "off");
  // The descriptors that were there, by what they lead to; and a new one gets the number that it always got, unless
  // something was left open.
  std::string descriptors;
  for (int fd = 0; fd < 16; ++fd) {
    struct stat info {};
    if (::fstat(fd, &info) == 0) descriptors += fmt::format("{}:{}:{} ", fd, info.st_dev, info.st_ino);
  }
  const descriptor next(::fcntl(*self_, F_DUPFD_CLOEXEC, 0));
  found.emplace_back("descriptors", descriptors + std::to_string(*next));
  return now;
}

std::string worker_condition::changes(const state &now) const {
  std::string names;
  for (std::size_t k = 0; k < now.fields.size(); ++k) {
    const auto &[name, value] = now.fields[k];
    if (k >= settled_.fields.size() || value != settled_.fields[k].second) names += (names.empty() ? "" : ", ") + std::string(name);
  }
  return names;
}

}  // namespace calque::host

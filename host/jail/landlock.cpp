// SPDX-License-Identifier: Apache-2.0
// Speaks to Landlock by its system calls; Debian 12's header ends with ABI 2.
#include "host/jail/landlock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace calque::host {
namespace {

constexpr int newest_known = 6;

// What later ABIs added.
constexpr std::uint64_t fs_truncate = 1ULL << 14;             // 3
constexpr std::uint64_t net_tcp = (1ULL << 0) | (1ULL << 1);  // 4: bind, connect
constexpr std::uint64_t fs_ioctl_of_devices = 1ULL << 15;     // 5
constexpr std::uint64_t scopes = (1ULL << 0) | (1ULL << 1);   // 6: abstract sockets, signals

/// The kernel's struct as it is from ABI 6 on; an older kernel is told of the part that it knows.
struct ruleset_attributes {
  std::uint64_t handled_fs = 0, handled_net = 0, scoped = 0;
};
std::size_t known_size(int abi) {
  if (abi >= 6) return sizeof(ruleset_attributes);
  return abi >= 4 ? offsetof(ruleset_attributes, scoped) : offsetof(ruleset_attributes, handled_net);
}

constexpr std::uint64_t read_rights = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;

/// No links, sockets, pipes or devices: what is staged is files. To refer is to rename between folders.
constexpr std::uint64_t write_rights = read_rights | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                       LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |
                                       LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REFER | fs_truncate;

std::uint64_t file_rights(int abi) {
  std::uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;  // all of ABI 1
  if (abi >= 2) rights |= LANDLOCK_ACCESS_FS_REFER;
  if (abi >= 3) rights |= fs_truncate;
  if (abi >= 5) rights |= fs_ioctl_of_devices;
  return rights;
}

struct descriptor {
  int number;
  ~descriptor() {
    if (number >= 0) close(number);
  }
};

diagnostic failed(std::string what) {
  return error("jail.failed", fmt::format("{}: {}", what, std::strerror(errno)));
}

result<void> grant(int ruleset, int beneath, std::uint64_t rights) {
  const landlock_path_beneath_attr rule{rights, beneath};
  if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
    return failed("Landlock did not take a rule");
  return {};
}

}  // namespace

int landlock_abi(unsigned newest) {
  const long kernels = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (kernels <= 0) return 0;  // not built in, or turned off at boot
  return static_cast<int>(std::min<unsigned long>({static_cast<unsigned long>(kernels), newest, newest_known}));
}

result<void> restrict_by_landlock(int abi, const std::vector<std::string> &readable, int writable_folder) {
  const std::uint64_t rights = file_rights(abi);
  const ruleset_attributes attributes{rights, abi >= 4 ? net_tcp : 0, abi >= 6 ? scopes : 0};
  const descriptor ruleset{static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes, known_size(abi), 0))};
  if (ruleset.number < 0) return failed("Landlock made no ruleset");
  for (const std::string &path : readable) {
    const descriptor opened{open(path.c_str(), O_PATH | O_CLOEXEC)};
    if (opened.number < 0 && (errno == ENOENT || errno == ENOTDIR || errno == EACCES)) continue;  // no way in anyhow
    struct stat info {};
    if (opened.number < 0 || fstat(opened.number, &info) != 0) return failed(fmt::format("{} cannot be opened", path));
    const std::uint64_t wanted = S_ISDIR(info.st_mode) ? read_rights : LANDLOCK_ACCESS_FS_READ_FILE;
    if (auto granted = grant(ruleset.number, opened.number, wanted); !granted) return granted;
  }
  if (writable_folder >= 0)
    if (auto granted = grant(ruleset.number, writable_folder, write_rights & rights); !granted) return granted;
  if (syscall(SYS_landlock_restrict_self, ruleset.number, 0) != 0) return failed("Landlock did not take effect");
  return {};
}

}  // namespace calque::host

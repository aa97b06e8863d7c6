// SPDX-License-Identifier: Apache-2.0
// The steps into the jail, in their order.
#include "host/jail/jail.hpp"

#include <fmt/format.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "host/jail/landlock.hpp"
#include "host/jail/syscall_filter.hpp"
#include "host/system/sanitizer.hpp"

namespace calque::host {
namespace {

constexpr rlim_t most_descriptors = 256;

diagnostic failed(const char *what) {
  return error("jail.failed", fmt::format("{}: {}", what, std::strerror(errno)));
}

/// Soft and hard, so that it cannot be raised; a tighter limit stays.
bool limit(__rlimit_resource_t resource, rlim_t most) {
  rlimit now{};
  if (getrlimit(resource, &now) != 0) return false;
  now.rlim_max = std::min(now.rlim_max, most);
  now.rlim_cur = std::min(now.rlim_cur, most);
  return setrlimit(resource, &now) == 0;
}

result<void> set_limits(const jail_rules &rules) {
  // A limit of 1 byte, not 0: a core dump that goes to a program ignores every other limit.
  if (!limit(RLIMIT_CORE, 1) || !limit(RLIMIT_NOFILE, most_descriptors)) return failed("a limit cannot be set");
  if (rules.memory > 0 && !is_sanitized && !limit(RLIMIT_AS, rules.memory)) return failed("memory cannot be limited");
  if (rules.file_size > 0) {
    if (!limit(RLIMIT_FSIZE, rules.file_size)) return failed("the size of files cannot be limited");
    if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR) return failed("SIGXFSZ");  // writing then fails with EFBIG
  }
  return {};
}

/// A jail that root enters has none of root's powers but over the permissions of files, which Landlock bounds: plugins
/// and resources may lie in the folders of others.
result<void> drop_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct held[_LINUX_CAPABILITY_U32S_3] = {};
  if (syscall(SYS_capget, &header, held) != 0) return failed("capabilities cannot be read");
  constexpr std::uint32_t kept = (1U << CAP_DAC_OVERRIDE) | (1U << CAP_DAC_READ_SEARCH);
  held[0].permitted = held[0].effective = held[0].permitted & kept;
  held[1].permitted = held[1].effective = 0;
  held[0].inheritable = held[1].inheritable = 0;
  if (syscall(SYS_capset, &header, held) != 0) return failed("capabilities cannot be given up");
  return {};
}

/// Landlock binds the thread that asks for it, and those that it starts. Sanitizers have threads of their own.
bool has_other_threads() {
  std::error_code unknown;
  const auto links = std::filesystem::hard_link_count("/proc/self/task", unknown);
  return !is_sanitized && !unknown && links > 3;  // ".", its name in the folder above, and one for each thread
}

}  // namespace

std::string jail_tier::name() const {
  std::string text;
  if (landlock_abi > 0) text = fmt::format("landlock {}", landlock_abi);
  if (seccomp) text += text.empty() ? "seccomp" : ", seccomp";
  return text.empty() ? "none" : text;
}

jail_tier possible_jail(unsigned newest_landlock) {
  jail_tier tier;
  tier.landlock_abi = landlock_abi(newest_landlock);
  tier.seccomp = has_syscall_filters() && !is_sanitized;
  if (tier.landlock_abi == 0) tier.missing.push_back("files are not guarded: the kernel has no Landlock");
  if (tier.seccomp) return tier;
  if (is_sanitized) {
    tier.missing.push_back("system calls and memory are not guarded: the program is built with a sanitizer");
  } else {
    tier.missing.push_back("system calls are not guarded: the kernel has no seccomp filters");
  }
  // What seccomp holds as well, whatever the ABI; without it only the newer ABIs do.
  if (tier.landlock_abi > 0 && tier.landlock_abi < 3) tier.missing.push_back("files may be cut short (Landlock 3)");
  if (tier.landlock_abi > 0 && tier.landlock_abi < 4) tier.missing.push_back("TCP is open (Landlock 4)");
  if (tier.landlock_abi > 0 && tier.landlock_abi < 6) tier.missing.push_back("signals are open (Landlock 6)");
  return tier;
}

std::vector<std::string> library_places() {
  return {"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"};
}

result<jail_tier> restrict_files(const jail_rules &rules) {
  if (has_other_threads()) return error("jail.failed", "threads were started before the jail was entered");
  jail_tier tier = possible_jail(rules.newest_landlock);
  if (auto done = set_limits(rules); !done) return done.errors();
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("no_new_privs cannot be set");
  if (auto done = drop_capabilities(); !done) return done.errors();
  if (tier.landlock_abi > 0) {
    std::vector<std::string> readable = rules.readable;
    if (is_sanitized) readable.push_back("/proc");
    if (auto done = restrict_by_landlock(tier.landlock_abi, readable, rules.writable_folder); !done)
      return done.errors();
  }
  if (tier.seccomp) {
    auto compiled = rules.calls.listed.empty() ? compile_call_filters() : result<call_filters>(rules.calls);
    if (!compiled) return compiled.errors();
    if (auto done = allow_listed_calls(*compiled); !done) return done.errors();
    tier.calls = std::move(*compiled);
  }
  return tier;
}

result<void> restrict_calls(jail_tier &tier) {
  if (!tier.seccomp) return {};
  return forbid_new_code(tier.calls);
}

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// The worker's jail: what a process that runs plugins gives up for good, in two steps around the loading of plugins.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/document/diagnostic.hpp"
#include "host/jail/syscall_filter.hpp"

namespace calque::host {

struct jail_rules {
  std::vector<std::string> readable;  // files, and folders with all below; what is not there grants nothing
  int writable_folder = -1;           // descriptor of the one folder in which files may be made, changed and removed
  std::uint64_t memory = 0;           // RLIMIT_AS, in bytes; 0: as it was
  std::uint64_t file_size = 0;        // RLIMIT_FSIZE, in bytes, for a memfd too; 0: as it was
  unsigned newest_landlock = ~0U;     // as if the kernel knew no newer ABI
  call_filters calls;                 // empty: they are compiled here
};

/// What holds a jail.
struct jail_tier {
  int landlock_abi = 0;
  bool seccomp = false;
  std::vector<std::string> missing;  // what a whole jail has and this one lacks, a sentence each
  call_filters calls;                // for the second step

  /// "landlock 6, seccomp"; "none".
  std::string name() const;
  bool is_whole() const { return missing.empty(); }
};

/// What a jail would have here; nothing is entered.
jail_tier possible_jail(unsigned newest_landlock = ~0U);

/// Where the dynamic loader finds the libraries of plugins; a worker has to read these.
std::vector<std::string> library_places();

/// The first step, before any plugin is loaded, in a process of one thread: limits, no new privileges, no
/// capabilities but those for file permissions, Landlock, and the list of allowed system calls. From here on there are
/// no other processes, no new sockets, and no files but the rules'. The death signal, the working folder, the umask and
/// what must be opened elsewhere are settled before. The only socket kept may be one that is connected: no filter sees
/// where sendmsg sends. What the kernel lacks is in `missing`; the caller decides. Code: jail.failed.
result<jail_tier> restrict_files(const jail_rules &);

/// The second step, when all plugins are loaded and created: no new code. Code: jail.failed.
result<void> restrict_calls(jail_tier &);

}  // namespace calque::host

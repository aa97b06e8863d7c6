// SPDX-License-Identifier: Apache-2.0
// Landlock: which files this process may still reach, held by the kernel and never given back.
#pragma once

#include <string>
#include <vector>

#include "host/document/diagnostic.hpp"

namespace calque::host {

/// The version of Landlock's ABI that the kernel and we both know, but no newer than `newest`; 0: none.
int landlock_abi(unsigned newest);

/// Refuses this thread, and all that it starts later, every file right, TCP, abstract sockets and signals as far as
/// `abi` knows them, but for reading what is `readable` (files, or folders with all below) and for making, changing
/// and removing files and folders below `writable_folder` (a descriptor; -1: nowhere). A path that is not there grants
/// nothing. no_new_privs must be set. Code: jail.failed.
result<void> restrict_by_landlock(int abi, const std::vector<std::string> &readable, int writable_folder);

}  // namespace calque::host

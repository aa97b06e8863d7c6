// SPDX-License-Identifier: Apache-2.0
// seccomp: which calls of the kernel this process may still make. The lists and their reasons are in the decisions.
#pragma once

#include <string>

#include "host/document/diagnostic.hpp"

namespace calque::host {

/// Whether the kernel filters calls, and can end a process by that.
bool has_syscall_filters();

/// Programs for the kernel, for any process.
struct call_filters {
  std::string listed, no_new_code;
};

/// Costs more than all else of the jail, so a coordinator does it once for its workers. Not within the jail, where the
/// library cannot ask what the kernel can do. Code: jail.failed.
result<call_filters> compile_call_filters();

/// All threads, for good: what is not on the list of allowed calls fails with EPERM, what no sound plugin can want ends
/// the process by SIGSYS. New code may still be mapped. Code: jail.failed.
result<void> allow_listed_calls(const call_filters &);

/// All threads, for good: no memory can be made executable, so no library can be loaded any more. Code: jail.failed.
result<void> forbid_new_code(const call_filters &);

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// The exit codes of the program: one table, which --help prints. Never renumbered.
#pragma once

#include <string>

namespace calque::host {

enum class exit_code : int {
  ok = 0,
  some_failed = 1,
  usage = 2,
  warnings_denied = 3,
  stopped = 4,
  input_missing = 66,
  plugin_missing = 69,
  internal_error = 70,
  cannot_create = 73,
  io_error = 74,
  locked = 75,
  no_permission = 77,
  config_invalid = 78,
  interrupted = 130,
  terminated = 143
};

/// The table as --help shows it, a line a code.
std::string exit_code_table();

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// From the command line to a verb, and from its outcome to the exit code.
#pragma once

namespace calque::host {

int run_command_line(int argc, char **argv);

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// The calque program.
#include "host/cli/command_line.hpp"

int main(int argc, char **argv) {
  return calque::host::run_command_line(argc, argv);
}

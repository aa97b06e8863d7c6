// SPDX-License-Identifier: Apache-2.0
// The calque program.
#include <string_view>

#include "host/worker/worker.hpp"
#include "host/cli/command_line.hpp"

int main(int argc, char **argv) {
  // A worker has nothing to do with a command line, and there may be thousands of them.
  if (argc == 2 && std::string_view(argv[1]) == calque::host::worker_verb) return calque::host::run_worker();
  return calque::host::run_command_line(argc, argv);
}

// SPDX-License-Identifier: Apache-2.0
// For tests: another program's exit code and what it printed, so that records are judged by code that is not ours.
#pragma once

#include <stdio.h>
#include <sys/wait.h>

#include <string>
#include <string_view>

namespace calque::host {

struct command_output {
  int exit_code = -1;
  std::string text;  // stdout and stderr
};

/// A word of the shell.
inline std::string shell_word(std::string_view text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

inline command_output output_of(const std::string &shell_command) {
  command_output found;
  FILE *pipe = popen(("(" + shell_command + ") 2>&1 </dev/null").c_str(), "re");
  if (!pipe) return found;
  char some[4096];
  for (std::size_t got; (got = fread(some, 1, sizeof some, pipe)) > 0;) found.text.append(some, got);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) found.exit_code = WEXITSTATUS(status);
  return found;
}

}  // namespace calque::host

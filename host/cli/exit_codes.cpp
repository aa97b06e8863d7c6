// SPDX-License-Identifier: Apache-2.0
// The exit codes of the program: one table, which --help prints. Never renumbered.
#include "host/cli/exit_codes.hpp"

#include <fmt/format.h>

#include <utility>

namespace calque::host {
namespace {

constexpr std::pair<exit_code, const char *> table[] = {
    {exit_code::ok, "all went well; check and test found nothing wrong"},
    {exit_code::some_failed, "finished, but some documents or tests failed, or something is not as it was"},
    {exit_code::usage, "the command line is wrong"},
    {exit_code::warnings_denied, "there are warnings, and --deny-warnings was given"},
    {exit_code::stopped, "stopped early; what was done is complete"},
    {exit_code::input_missing, "an input is missing or is not a file"},
    {exit_code::plugin_missing, "a plugin, or the jail, that is needed is not there"},
    {exit_code::internal_error, "an error of Calque itself"},
    {exit_code::cannot_create, "an output cannot be created"},
    {exit_code::io_error, "reading or writing failed, or the disk is full"},
    {exit_code::locked, "another run holds the lock; try later"},
    {exit_code::no_permission, "no permission"},
    {exit_code::config_invalid, "a pipeline file is wrong"},
    {exit_code::interrupted, "stopped by SIGINT, after cleaning up"},
    {exit_code::terminated, "stopped by SIGTERM, after cleaning up"},
};

}  // namespace

std::string exit_code_table() {
  std::string text = "Exit codes:\n";
  for (const auto &[code, meaning] : table) text += fmt::format("  {:>3}  {}\n", static_cast<int>(code), meaning);
  return text;
}

}  // namespace calque::host

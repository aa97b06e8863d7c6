// SPDX-License-Identifier: Apache-2.0
// What became of an input: names of the verdicts, and the verdict that errors mean.
#include "host/pipeline/run_status.hpp"

#include <algorithm>
#include <iterator>

namespace calque::host {
namespace {

constexpr std::string_view names[] = {"up-to-date", "ok",      "ok-with-warnings", "rejected", "failed",
                                      "limit",      "invalid-output", "io-error",  "stopped",  "timeout",
                                      "oom",        "crashed", "violation",        "skipped",  "not-run"};
static_assert(std::size(names) == run_status_count);

}  // namespace

std::string_view name_of(run_status status) {
  return names[static_cast<std::size_t>(status)];
}

std::optional<run_status> status_of_name(std::string_view name) {
  const auto *found = std::find(std::begin(names), std::end(names), name);
  if (found == std::end(names)) return std::nullopt;
  return static_cast<run_status>(found - std::begin(names));
}

run_status status_of(std::span<const diagnostic> errors, bool at_import) {
  for (const diagnostic &d : errors) {
    if (d.level != severity::error) continue;
    if (d.code == "document.limit") return run_status::limit;
    if (d.code == "plugin.out-of-memory") return run_status::oom;
    if (d.code == "plugin.misuse" || d.code.starts_with("ledger.") || d.code.starts_with("document."))
      return run_status::invalid_output;
    if (d.code == "run.stopped") return run_status::stopped;
    if (d.code == "plugin.foreign-exception") return run_status::crashed;
    return at_import && !d.code.starts_with("plugin.") ? run_status::rejected : run_status::failed;
  }
  return run_status::failed;
}

}  // namespace calque::host

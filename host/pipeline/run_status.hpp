// SPDX-License-Identifier: Apache-2.0
// What became of an input: the one verdict that every input of a run gets.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "host/document/diagnostic.hpp"

namespace calque::host {

/// Worse ones later. An input is as good as its worst part. The runner gives those up to `stopped`; the others are of
/// a batch, whose workers may die, and of inputs that no worker was given.
enum class run_status {
  up_to_date, // nothing that it depends on has changed, and its outputs are there
  ok,
  ok_with_warnings,
  rejected,       // the importer says that this is not its format, or no importer knows it
  failed,         // a stage reported an error, or the loss policy does not allow what was lost
  limit,          // a limit of the pipeline was reached
  invalid_output, // what a stage gave breaks a rule; the stage is at fault, not the input
  io_error,       // reading it or writing its outputs failed
  stopped,        // by a signal; a batch says not_run instead
  timeout,
  oom,
  crashed,
  violation, // it tried what its jail forbids
  skipped,   // not among those that were asked for
  not_run    // the run ended before
};
inline constexpr std::size_t run_status_count = static_cast<std::size_t>(run_status::not_run) + 1;

/// As records and messages say it: "ok-with-warnings".
std::string_view name_of(run_status);
std::optional<run_status> status_of_name(std::string_view name);
/// Its outputs are as they should be.
inline bool is_done(run_status status) { return status <= run_status::ok_with_warnings; }
/// Another try may end otherwise: the process died, not the document.
inline bool is_worth_a_retry(run_status status) {
  return status == run_status::crashed || status == run_status::timeout || status == run_status::oom;
}

/// The verdict that errors mean. What a stage gives the host and the host cannot take is the stage's fault.
run_status status_of(std::span<const diagnostic> errors, bool at_import);

}  // namespace calque::host

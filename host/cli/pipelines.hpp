// SPDX-License-Identifier: Apache-2.0
// What the verbs that take a pipeline share: loading it, and the exit code that its errors mean.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "host/cli/exit_codes.hpp"
#include "host/cli/program.hpp"
#include "host/pipeline/pipeline_file.hpp"
#include "host/pipeline/run.hpp"

namespace calque::host {

/// The exit code of errors in pipelines: 69 when all of them are plugins that are not there, 66 or 77 when the file
/// itself cannot be read, else 78.
exit_code exit_code_of_pipeline(std::span<const diagnostic>);

/// The exit code of one failed input: by the code of its first error.
exit_code exit_code_of_input(std::span<const diagnostic>);

/// A pipeline with its stages made, ready to run. All errors have been shown when there is none.
struct ready_pipeline {
  loaded_pipeline loaded;
  std::optional<host::runner> runner;
  exit_code outcome = exit_code::ok; // why not, when runner is empty
  const pipeline &value() const { return *loaded.value; }
};

/// Fills `into`, which must stay where it is: the runner points to the pipeline in it. Shows what is wrong.
bool make_ready(program &, const plugin_catalog &, loaded_pipeline, ready_pipeline &into);

/// The lines of a document's diagnostics can be shown: gives each with a place in source 0 its line and column, and
/// adds the input to `sources`. The input must be UTF-8 for that.
void place_in_input(std::vector<diagnostic> &, const input_file &, source_texts &sources);

/// "1 file", "3 files".
std::string counted(std::uint64_t count, std::string_view noun);

}  // namespace calque::host

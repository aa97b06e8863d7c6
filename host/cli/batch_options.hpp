// SPDX-License-Identifier: Apache-2.0
// From the command line of a run to the settings of a batch: inputs, folders, and what can be wrong with them.
#pragma once

#include <string>
#include <vector>

#include "host/batch/batch_settings.hpp"
#include "host/cli/program.hpp"
#include "host/cli/verbs.hpp"
#include "host/pipeline/pipeline_file.hpp"

namespace calque::host {

/// A pipeline with the inputs and the folder that the command line names. Stays where it is: the settings point into
/// it.
struct prepared_batch {
  loaded_pipeline loaded;
  batch_settings settings;
  exit_code outcome = exit_code::ok;  // when prepare_batch gave false
};

/// False, and what is wrong has been shown, when there is nothing to run.
bool prepare_batch(program &, const run_options &, prepared_batch &into);

/// Shows the errors, and gives the exit code that they mean for a run that did not begin.
exit_code refuse(program &, const std::vector<diagnostic> &);

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// `calque report`: the page of a run, made again from its records.
#include "host/records/report.hpp"

#include <fmt/format.h>

#include "host/records/named_run.hpp"
#include "host/cli/pipelines.hpp"
#include "host/cli/program.hpp"
#include "host/cli/verbs.hpp"
#include "host/pipeline/source_text.hpp"

namespace calque::host {

exit_code report(program &p, const report_options &options) {
  const auto runs = find_records(options.run);
  if (!runs.has_value()) {
    p.show(runs.errors());
    return exit_code_of_input(runs.errors());
  }
  const run_place &run = runs->back();
  const std::string target = options.output.empty() ? run.folder + "/report.html" : options.output;
  const auto written = write_report(run.events, events_before(run), target);
  if (!written.has_value()) {
    p.show(written.errors());
    return exit_code_of_input(written.errors());
  }
  p.say(fmt::format("{}: {}", show_text(run.id), show_text(target)));
  return exit_code::ok;
}

}  // namespace calque::host

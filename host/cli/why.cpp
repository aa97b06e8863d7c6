// SPDX-License-Identifier: Apache-2.0
// `calque why`: which of the things that a document depends on has changed, from what to what.
#include <fmt/format.h>

#include <algorithm>

#include "host/batch/dry_run.hpp"
#include "host/cli/batch_options.hpp"
#include "host/cli/program.hpp"
#include "host/pipeline/source_text.hpp"

namespace calque::host {
namespace {

std::string_view sentence(reason why) {
  switch (why) {
    case reason::unchanged: return "up to date: the input, the pipeline and the outputs are as they were";
    case reason::is_new: return "no run has done it yet";
    case reason::input_changed: return "the input has changed";
    case reason::pipeline_changed: return "what it is made with has changed";
    case reason::output_missing: return "an output is missing";
    case reason::output_changed: return "an output was changed";
    case reason::failed_before: return "it failed the last time";
    case reason::forced: return "it is forced";
  }
  return "";
}

}  // namespace

exit_code why(program &p, const why_options &options) {
  run_options asked;
  asked.pipeline = options.pipeline;
  asked.output = options.output;
  asked.state = options.state;
  asked.overrides = options.overrides;
  prepared_batch batch;
  if (!prepare_batch(p, asked, batch)) return batch.outcome;
  batch_settings &settings = batch.settings;
  // The same name that a run gives it, so that its record is found; else the file itself.
  std::vector<named_input> fitting;
  for (const named_input &input : settings.inputs)
    if (input.path == options.document || input.path.ends_with("/" + options.document)) fitting.push_back(input);
  settings.inputs = fitting.size() == 1 ? fitting : std::vector<named_input>{{options.document, ""}};

  exit_code outcome = exit_code::ok;
  const auto told = dry_run(settings, [&](const named_input &input, const decision &plan) {
    if (!plan.errors.empty()) {
      outcome = refuse(p, plan.errors);
      return;
    }
    p.data(fmt::format("{}: {}\n", show_text(input.path), sentence(plan.why)));
    if (plan.record && plan.why == reason::input_changed)
      p.data(fmt::format("  input  {} → {}\n", to_hex(plan.record->sha256), to_hex(plan.input.sha256)));
    for (const changed_field &one : plan.changed)
      p.data(fmt::format("  {}  {} → {}\n", show_text(one.field), one.before.empty() ? "(none)" : show_text(one.before),
                         one.after.empty() ? "(none)" : show_text(one.after)));
    if (!plan.output.empty()) p.data(fmt::format("  {}\n", show_text(plan.output)));
    if (plan.record && plan.why == reason::failed_before)
      p.data(fmt::format("  {} {}  {}\n", name_of(plan.record->status), plan.record->detail, plan.record->code));
  });
  return told.has_value() ? outcome : refuse(p, told.errors());
}

}  // namespace calque::host

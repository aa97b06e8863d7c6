// SPDX-License-Identifier: Apache-2.0
// What a run would do, and why, without doing it.
#include "host/batch/dry_run.hpp"

#include <algorithm>

#include "host/batch/first_worker.hpp"
#include "host/document/ledger.hpp"

namespace calque::host {

result<void> dry_run(const batch_settings &settings,
                     const std::function<void(const named_input &, const decision &)> &each) {
  // A folder that is not there is one in which nothing is done.
  output_folder folder;
  if (auto opened = output_folder::open(settings.output, false); opened.has_value()) folder = std::move(opened.value());
  const std::string state_folder = settings.state_folder.empty() ? settings.output + "/.calque" : settings.state_folder;
  std::vector<diagnostic> damage;  // it is mended, and told, by the next run
  auto known = state::open(state_folder + "/state.db", journal::access::read_only, damage);
  if (!known.has_value()) return known.errors();
  const auto first = start_first_worker(settings, to_wire(setup_of(settings)), -1, "");
  if (!first.has_value()) return first.errors();
  planner plan(*known.value(), folder, first.value().depends, settings.whole->bounds.max_input, settings.is_forced);
  for (const named_input &input : settings.inputs) {
    const bool is_wanted = settings.only.empty() || std::any_of(settings.only.begin(), settings.only.end(), [&](const std::string &glob) {
                             return is_wanted_by(glob, input.path);
                           });
    if (is_wanted) each(input, plan.decide(input.path));
  }
  return {};
}

}  // namespace calque::host

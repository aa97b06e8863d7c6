// SPDX-License-Identifier: Apache-2.0
// `calque check`: every error of pipeline files at once; nothing is run and no document is opened.
#include <fmt/format.h>

#include <algorithm>

#include "host/cli/pipelines.hpp"
#include "host/cli/verbs.hpp"

namespace calque::host {

exit_code check(program &p, const check_options &options) {
  exit_code outcome = exit_code::ok;
  bool has_warnings = false;
  for (const std::string &path : options.pipelines) {
    const loaded_pipeline loaded = load_pipeline(path, p.plugins(path), options.overrides);
    if (options.format == "human") {
      p.show(loaded.diagnostics, loaded.sources);
    } else {
      const render_form form = options.format == "json" ? render_form::json : render_form::concise;
      for (const diagnostic &d : loaded.diagnostics) p.data(render(d, loaded.sources, {form, 100, false}));
    }
    has_warnings |= std::any_of(loaded.diagnostics.begin(), loaded.diagnostics.end(),
                                [](const diagnostic &d) { return d.level == severity::warning; });
    if (loaded.value)
      p.say(fmt::format("{}: right, with {} and {}", path, counted(loaded.value->stages.size(), "stage"),
                        counted(loaded.value->tests.size(), "test")));
    else if (const exit_code wrong = exit_code_of_pipeline(loaded.diagnostics); outcome == exit_code::ok)
      outcome = wrong;
    else if (outcome != wrong)
      outcome = exit_code::config_invalid; // several causes
  }
  if (outcome == exit_code::ok && has_warnings && options.deny_warnings) return exit_code::warnings_denied;
  return outcome;
}

}  // namespace calque::host

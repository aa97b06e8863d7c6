// SPDX-License-Identifier: Apache-2.0
// `calque check`: every error of pipeline files at once; the stages are made, but nothing is run and no document is
// opened.
#include <fmt/format.h>

#include <algorithm>

#include "host/cli/pipelines.hpp"
#include "host/cli/verbs.hpp"

namespace calque::host {

exit_code check(program &p, const check_options &options) {
  exit_code outcome = exit_code::ok;
  bool has_warnings = false;
  for (const std::string &path : options.pipelines) {
    const plugin_catalog &plugins = p.plugins(path);
    const loaded_pipeline loaded = load_pipeline(path, plugins, options.overrides);
    std::vector<diagnostic> found = loaded.diagnostics;
    // Stages read the files that their options name when they are made, so only now are these known to be right.
    if (loaded.value)
      for (diagnostic &d : runner(*loaded.value, plugins, &p.stop()).prepare()) found.push_back(std::move(d));
    const auto is = [](severity level) { return [level](const diagnostic &d) { return d.level == level; }; };
    if (options.format == "human") {
      p.show(found, loaded.sources);
    } else {
      const render_form form = options.format == "json" ? render_form::json : render_form::concise;
      for (const diagnostic &d : found) p.data(render(d, loaded.sources, {form, 100, false}));
    }
    has_warnings |= std::any_of(found.begin(), found.end(), is(severity::warning));
    if (loaded.value && std::none_of(found.begin(), found.end(), is(severity::error)))
      p.say(fmt::format("{}: right, with {} and {}", path, counted(loaded.value->stages.size(), "stage"),
                        counted(loaded.value->tests.size(), "test")));
    else if (const exit_code wrong = exit_code_of_pipeline(found); outcome == exit_code::ok)
      outcome = wrong;
    else if (outcome != wrong)
      outcome = exit_code::config_invalid; // several causes
  }
  if (outcome == exit_code::ok && has_warnings && options.deny_warnings) return exit_code::warnings_denied;
  return outcome;
}

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// `calque test`: the tests that pipeline files carry.
#include <fmt/format.h>

#include <memory>

#include "host/cli/pipelines.hpp"
#include "host/cli/signals.hpp"
#include "host/cli/verbs.hpp"
#include "host/pipeline/run_tests.hpp"

namespace calque::host {

exit_code test(program &p, const test_options &options) {
  exit_code outcome = exit_code::ok;
  std::size_t passed = 0, failed = 0;
  for (const std::string &path : options.pipelines) {
    ready_pipeline ready;
    const plugin_catalog &plugins = p.plugins(path);
    if (!make_ready(p, plugins, load_pipeline(path, plugins), ready)) {
      outcome = ready.outcome;
      continue;
    }
    for (const pipeline_test &one : ready.value().tests) {
      if (one.name.find(options.only) == std::string::npos) continue;
      const test_outcome done = run_test(*ready.runner, ready.value(), one, options.update);
      if (signal_that_came() != 0) return signal_that_came() == 2 ? exit_code::interrupted : exit_code::terminated;
      ++(done.passed ? passed : failed);
      if (!done.passed) p.say(fmt::format("failed: {}: {}", path, one.name));
      p.show(done.failures, ready.loaded.sources);
      p.show(done.reported, ready.loaded.sources);
      for (const std::string &file : done.updated) p.say(fmt::format("written: {}", file));
      if (done.passed) p.detail(fmt::format("passed: {}: {}", path, one.name));
    }
  }
  p.say(fmt::format("{} passed, {} failed", counted(passed, "test"), failed));
  if (passed + failed == 0 && outcome == exit_code::ok)
    p.say("no test was run: [[test]] sections hold them, -k picks some by name");
  return outcome == exit_code::ok && failed > 0 ? exit_code::some_failed : outcome;
}

}  // namespace calque::host

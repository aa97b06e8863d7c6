// SPDX-License-Identifier: Apache-2.0
// `calque explain`: what a code means, of the host and of every plugin.
#include <fmt/format.h>

#include "host/cli/program.hpp"
#include "host/cli/verbs.hpp"
#include "host/document/ledger.hpp"
#include "host/pipeline/codes.hpp"
#include "host/pipeline/suggest.hpp"

namespace calque::host {
namespace {

std::string explain_stage_code(const stage_description &stage, const code_description &code) {
  std::string text = fmt::format("## {}\n\n{}\n\n", code.code, code.help);
  text += fmt::format("Of {} {} ({}). ", role_name(stage.role), stage.id, stage.version);
  if (code.effect == CALQUE_EFFECT_DROPPED)
    text += fmt::format("A loss ({}): a pipeline accepts it with `[loss] allow = [\"{}\"]`.\n", thing_name(code.thing), code.code);
  else
    text += fmt::format("Speaks of: {}. Effect: {}.\n", thing_name(code.thing), effect_name(code.effect));
  return text;
}

}  // namespace

exit_code explain(program &p, const explain_options &options) {
  if (options.list) {
    p.data(explain_all_codes());
    for (const stage_description &stage : p.plugins().stages())
      for (const code_description &code : stage.codes) p.data("\n" + explain_stage_code(stage, code));
    return exit_code::ok;
  }
  if (const code_entry *entry = find_code(options.code)) {
    p.data(explain_code(*entry));
    return exit_code::ok;
  }
  bool is_known = false;
  std::vector<std::string> all;
  for (const code_entry &entry : host_codes()) all.emplace_back(entry.code);
  for (const stage_description &stage : p.plugins().stages())
    for (const code_description &code : stage.codes) {
      all.push_back(code.code);
      if (code.code != options.code) continue;
      p.data(explain_stage_code(stage, code));
      is_known = true;
    }
  if (is_known) return exit_code::ok;
  const std::string nearest = suggest(options.code, all);
  p.show(error("explain.unknown-code", fmt::format("there is no code \"{}\"", options.code),
               nearest.empty() ? "`calque explain --list` shows all" : fmt::format("did you mean {}?", nearest)));
  return exit_code::usage;
}

}  // namespace calque::host

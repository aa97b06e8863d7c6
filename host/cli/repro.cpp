// SPDX-License-Identifier: Apache-2.0
// `calque repro`: the failure of a quarantined document once more.
#include "host/batch/repro.hpp"

#include <fmt/format.h>

#include "host/cli/batch_options.hpp"
#include "host/cli/program.hpp"
#include "host/cli/verbs.hpp"
#include "host/pipeline/source_text.hpp"
#include "host/plugins/search_path.hpp"

namespace calque::host {

exit_code repro(program &p, const repro_options &options) {
  const auto bundle = read_bundle(options.bundle);
  if (!bundle.has_value()) return refuse(p, bundle.errors());
  const quarantined &one = bundle.value();
  const auto words = [](run_status status, const std::string &detail) {
    return detail.empty() ? std::string(name_of(status)) : fmt::format("{} ({})", name_of(status), detail);
  };
  p.say(fmt::format("{}: it ended as {}", show_text(one.order.path), words(one.status, one.detail)));
  const auto again = repeat(one, options.bundle, own_program().string(), options.in_process);
  if (!again.has_value()) return refuse(p, again.errors());
  const repro_outcome &now = again.value();
  p.show(now.diagnostics);
  if (!now.last_words.empty()) p.detail(show_text(now.last_words, true));
  const bool is_same = now.status == one.status && now.detail == one.detail;
  p.data(fmt::format("{}: {}\n", is_same ? "the same" : "otherwise", words(now.status, now.detail)));
  return is_done(now.status) ? exit_code::ok : exit_code::some_failed;
}

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// `calque verify`: outputs against what the runs recorded.
#include "host/batch/verify.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "host/cli/batch_options.hpp"
#include "host/cli/pipelines.hpp"
#include "host/cli/program.hpp"
#include "host/cli/verbs.hpp"
#include "host/pipeline/source_text.hpp"

namespace calque::host {

exit_code verify(program &p, const verify_options &options) {
  const auto tell = [&](finding what, const std::string &path) {
    if (options.format == "json")
      p.data(nlohmann::ordered_json{{"finding", name_of(what)}, {"path", path}}.dump(
                 -1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    else
      p.data(fmt::format("{:<10} {}\n", name_of(what), show_text(path)));
  };
  const auto found = verify(options.folder, options.state, options.fast, tell);
  if (!found.has_value()) return refuse(p, found.errors());
  p.say(fmt::format("{}: {}, {} bytes, {}", show_text(options.folder), counted(found.value().files, "file"),
                    found.value().bytes, counted(found.value().findings, "finding")));
  return found.value().findings == 0 ? exit_code::ok : exit_code::some_failed;
}

}  // namespace calque::host

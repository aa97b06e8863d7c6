// SPDX-License-Identifier: Apache-2.0
// `calque gc`: room on the disk, from what can be made again or is old.
#include <fmt/format.h>

#include <algorithm>

#include "host/batch/document_cache.hpp"
#include "host/records/run_folder.hpp"
#include "host/cli/batch_options.hpp"
#include "host/cli/pipelines.hpp"
#include "host/cli/program.hpp"
#include "host/cli/verbs.hpp"
#include "host/pipeline/source_text.hpp"
#include "host/plugins/description_cache.hpp"
#include "host/plugins/options.hpp"

namespace calque::host {

exit_code gc(program &p, const gc_options &options) {
  const auto most = size_in_bytes(options.size);
  if (!most)
    return refuse(p, {error("gc.bad-size", fmt::format("--size: \"{}\" is no size", options.size), "a number and B, kB, MB, GB, KiB, MiB or GiB")});
  if (const auto folder = default_cache_folder(); !folder.empty()) {
    const document_cache cache((folder / "documents").string());
    const cache_size gone = cache.shrink(*most), left = cache.size();
    p.say(fmt::format("{}: {} removed ({} bytes), {} left ({} bytes)", cache.folder(), counted(gone.documents, "document"),
                      gone.bytes, left.documents, left.bytes));
  }
  if (options.folder.empty()) return exit_code::ok;
  const auto removed = keep_runs(options.folder, std::max<std::uint64_t>(options.keep_runs, 1), "");
  p.say(fmt::format("{}: records of {} removed", show_text(options.folder), counted(removed.size(), "run")));
  return exit_code::ok;
}

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// All that the results of a pipeline depend on beside the input, as names and values: what `why` compares.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "host/batch/state.hpp"
#include "host/pipeline/pipeline.hpp"
#include "host/plugins/plugin_catalog.hpp"

namespace calque::host {

/// The files and folders that stages read beside the input: by their options, and by what they need.
struct stage_resources {
  std::vector<std::string> paths;  // absolute
  bool any() const { return !paths.empty(); }
};
stage_resources resources_of(const pipeline_stage &);

/// "sha256:…" of a file, or of all names and contents below a folder; "missing".
std::string fingerprint_of_path(const std::string &path);

/// Values with every default, so that comments, the order of keys and what is said in vain change nothing. Budgets and
/// the cache are not in it: they do not reach a result. `libraries` is what a worker has loaded, the program among it.
configuration configuration_of(const pipeline &, const plugin_catalog &,
                               const std::vector<std::pair<std::string, std::string>> &libraries);

/// What one stage, by index, or an importer that is chosen, depends on.
std::string fingerprint_of_stage(const configuration &, const pipeline_stage &);
std::string fingerprint_of_importer(const configuration &, const stage_description &);

/// A field that is not as it was.
struct changed_field {
  std::string field, before, after;  // empty: it is new, or gone
};
std::vector<changed_field> compare(const configuration &before, const configuration &after);

}  // namespace calque::host

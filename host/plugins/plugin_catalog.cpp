// SPDX-License-Identifier: Apache-2.0
// Gathers the descriptions of all plugins on the search path, by way of the cache.
#include "host/plugins/plugin_catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "host/plugins/describe.hpp"
#include "host/plugins/description_cache.hpp"
#include "host/plugins/plugin_library.hpp"
#include "host/plugins/search_path.hpp"

namespace calque::host {
namespace fs = std::filesystem;

plugin_catalog::plugin_catalog(std::vector<stage_description> stages) {
  plugin_description plugin;
  plugin.stages = std::move(stages);
  add(std::move(plugin));
}

plugin_catalog plugin_catalog::discover(const catalog_settings &settings) {
  plugin_catalog catalog;
  catalog.folders_ = settings.folders;
  const description_cache cache(settings.cache_folder);
  for (const fs::path &file : plugin_files(settings.folders)) {
    const std::optional<std::string> digest = cache.digest_of(file);
    std::optional<result<plugin_description>> known;
    if (digest) known = cache.find(*digest);
    if (!known) {
      known = describe_in_child(settings.program, file, settings.most);
      if (digest) cache.keep(*digest, *known);
    }
    result<plugin_description> &described = *known;
    if (described) {
      set_file(*described, file.string(), digest.value_or(""));
      catalog.add(std::move(*described));
    } else {
      catalog.broken_.push_back({file.string(), described.errors()});
      for (diagnostic &reason : catalog.broken_.back().reasons) reason.where.file = file.string();
    }
  }
  return catalog;
}

void plugin_catalog::add(plugin_description plugin) {
  const auto key = [](const stage_description &stage) { return std::pair(stage.role, std::string_view(stage.id)); };
  for (const stage_description &stage : plugin.stages) {
    const auto at = std::lower_bound(stages_.begin(), stages_.end(), stage,
                                     [&](const auto &a, const auto &b) { return key(a) < key(b); });
    if (at != stages_.end() && key(*at) == key(stage))
      shadowed_.push_back({*at, stage});
    else
      stages_.insert(at, stage);
  }
  plugins_.push_back(std::move(plugin));
}

const stage_description *plugin_catalog::find(stage_role role, std::string_view id) const {
  const std::string whole = id.find('.') == id.npos ? "calque." + std::string(id) : std::string(id);
  for (const stage_description &stage : stages_)
    if (stage.role == role && stage.id == whole) return &stage;
  return nullptr;
}

std::vector<std::string> plugin_catalog::broken_reasons() const {
  std::vector<std::string> lines;
  for (const broken_plugin &plugin : broken_)
    for (const diagnostic &reason : plugin.reasons) lines.push_back(plugin.path + ": " + reason.message);
  return lines;
}

result<const stage_description *> plugin_catalog::choose_importer(const calque_probe &input) const {
  const stage_description *best = nullptr;
  int32_t best_score = 0;
  std::string names;
  std::vector<note> notes;
  for (const stage_description &stage : stages_) {
    if (stage.role != stage_role::import) continue;
    names += (names.empty() ? "" : ", ") + std::string(plain_id(stage.id));
    const auto plugin = load_plugin(stage.path);
    if (!plugin) {
      notes.push_back({fmt::format("{} cannot be loaded: {}", stage.path, plugin.error().message), {}});
      continue;
    }
    for (uint32_t k = 0; k < (*plugin)->stage_count; ++k) {
      const calque_stage &table = *(*plugin)->stages[k];
      if (table.importer == nullptr || stage.id != table.id) continue;
      int32_t score = 0;
      try {
        score = std::clamp(table.importer->probe(&input), 0, 100);
      } catch (...) {  // the ABI forbids it; a probe that throws does not know the input
        notes.push_back({fmt::format("{} threw an exception when asked", stage.id), {}});
      }
      if (score > best_score) {
        best_score = score;
        best = &stage;
      }
    }
  }
  if (best != nullptr) return best;
  diagnostic none = error("input.unknown-format", "no importer knows this input",
                          names.empty() ? std::string("there are no importers; see `calque plugins list`")
                                        : fmt::format("name one with --from, or as a stage; there are {}", names));
  for (const broken_plugin &plugin : broken_)
    notes.push_back({fmt::format("{} cannot be loaded: {}", plugin.path, plugin.reasons.front().message), {}});
  none.notes = std::move(notes);
  return none;
}

}  // namespace calque::host

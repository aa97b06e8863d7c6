// SPDX-License-Identifier: Apache-2.0
// The plugins of a program: all that can be loaded, by role and id, and all that cannot, with the reasons.
#pragma once

#include <calque/calque.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "host/document/diagnostic.hpp"
#include "host/plugins/description.hpp"
#include "host/plugins/description_cache.hpp"

namespace calque::host {

struct broken_plugin {
  std::string path;
  std::vector<diagnostic> reasons;  // at least one
};

/// A stage that is found twice: the first on the search path is used.
struct shadowed_stage {
  stage_description used, unused;
};

struct catalog_settings {
  std::vector<std::filesystem::path> folders;  // search_path()
  std::filesystem::path cache_folder;          // default_cache_folder(); empty: nothing is kept
  std::filesystem::path program;               // started with `__describe FILE`; own_program()
  std::chrono::milliseconds most{10'000};      // for one file
};

class plugin_catalog {
 public:
  /// Describes every plugin file in the folders in a child process, or takes what the cache says of the same bytes.
  /// Loads nothing into this process.
  static plugin_catalog discover(const catalog_settings &);
  /// Of stages known otherwise, for tests.
  explicit plugin_catalog(std::vector<stage_description> stages);

  /// By role, then id. What is shadowed is not here.
  const std::vector<stage_description> &stages() const { return stages_; }
  const std::vector<plugin_description> &plugins() const { return plugins_; }
  const std::vector<broken_plugin> &broken() const { return broken_; }
  const std::vector<shadowed_stage> &shadowed() const { return shadowed_; }
  /// Where was looked.
  const std::vector<std::filesystem::path> &folders() const { return folders_; }

  /// `calque.` is implied. Null when there is none.
  const stage_description *find(stage_role, std::string_view id) const;
  /// A line each: "path: reason".
  std::vector<std::string> broken_reasons() const;

  /// The importer that says it reads this input best; among equals the first by id. Loads the importers. When none
  /// does, the error names them and those that cannot be loaded. Code: input.unknown-format.
  result<const stage_description *> choose_importer(const calque_probe &) const;

 private:
  plugin_catalog() = default;
  void add(plugin_description);

  std::vector<stage_description> stages_;
  std::vector<plugin_description> plugins_;
  std::vector<broken_plugin> broken_;
  std::vector<shadowed_stage> shadowed_;
  std::vector<std::filesystem::path> folders_;
};

}  // namespace calque::host

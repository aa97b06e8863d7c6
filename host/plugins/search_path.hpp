// SPDX-License-Identifier: Apache-2.0
// Where plugins are looked for, and the plugin files that are there.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace calque::host {

inline constexpr std::string_view plugin_suffix = ".calque";

struct plugin_places {
  std::vector<std::string> extra;  // --plugin-path
  std::string config_folder;       // of the pipeline file; empty: none
  std::string calque_path;         // CALQUE_PATH: folders with `:` between
  std::filesystem::path program;   // absolute; its plugins lie in ../lib/calque/plugins
};

/// The path of the running program, whatever it was called by; empty where the system does not tell.
std::filesystem::path own_program();

/// The folders, first to last, each once, absolute. Folders that do not exist stay: messages name them.
std::vector<std::filesystem::path> search_path(const plugin_places &);

/// The files NAME.calque in the folders, in the folders' order and by name within one; no recursion. A folder that is
/// missing or cannot be read has none.
std::vector<std::filesystem::path> plugin_files(const std::vector<std::filesystem::path> &folders);

}  // namespace calque::host

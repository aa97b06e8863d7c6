// SPDX-License-Identifier: Apache-2.0
// Looks for plugin files.
#include "host/plugins/search_path.hpp"

#include <algorithm>
#include <system_error>

namespace calque::host {
namespace fs = std::filesystem;

fs::path own_program() {
  std::error_code failed;
  return fs::read_symlink("/proc/self/exe", failed);
}

std::vector<fs::path> search_path(const plugin_places &places) {
  std::vector<fs::path> folders;
  const auto add = [&](const fs::path &folder) {
    if (folder.empty()) return;
    std::error_code failed;
    fs::path whole = fs::absolute(folder, failed).lexically_normal();
    if (failed) return;
    if (!whole.has_filename()) whole = whole.parent_path();  // "plugins/" is "plugins"
    if (std::find(folders.begin(), folders.end(), whole) == folders.end()) folders.push_back(std::move(whole));
  };
  for (const std::string &folder : places.extra) add(folder);
  add(places.config_folder);
  std::string_view rest = places.calque_path;
  while (!rest.empty()) {
    const size_t colon = std::min(rest.find(':'), rest.size());
    add(rest.substr(0, colon));
    rest.remove_prefix(std::min(colon + 1, rest.size()));
  }
  if (!places.program.empty()) add(places.program.parent_path().parent_path() / "lib/calque/plugins");
  return folders;
}

std::vector<fs::path> plugin_files(const std::vector<fs::path> &folders) {
  std::vector<fs::path> files;
  for (const fs::path &folder : folders) {
    const auto first = static_cast<std::ptrdiff_t>(files.size());
    std::error_code failed;
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
      std::error_code unknown;
      // A folder of that name is no plugin; what cannot be looked at is tried, so that the reason is told.
      if (entry->path().extension() == plugin_suffix && !entry->is_directory(unknown)) files.push_back(entry->path());
    }
    std::sort(files.begin() + first, files.end());
  }
  return files;
}

}  // namespace calque::host

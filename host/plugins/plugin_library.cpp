// SPDX-License-Identifier: Apache-2.0
// Loads plugin files with Boost.DLL, and never unloads them.
#include "host/plugins/plugin_library.hpp"

// Boost 1.74 uses std::vector without including it.
#include <vector>

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/shared_library.hpp>

#include <fmt/format.h>

#include <exception>
#include <fstream>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>

#include "host/plugins/check_plugin.hpp"
#include "host/plugins/symbol_table.hpp"

namespace calque::host {
namespace fs = std::filesystem;
namespace {

diagnostic problem(const fs::path &file, std::string code, std::string message, std::string hint) {
  diagnostic d = error(std::move(code), std::move(message), std::move(hint));
  d.where.file = file.string();
  return d;
}

/// All libraries that were loaded. Leaked: code of a plugin may run until the process ends (static destructors,
/// threads of libraries it uses), and descriptions point into it.
struct registry {
  std::mutex guard;
  std::list<boost::dll::shared_library> libraries;  // those with a bad description too: they have run code
  std::map<fs::path, const calque_plugin *> plugins;
};
registry &loaded() {
  static auto *const all = new registry;
  return *all;
}

}  // namespace

result<void> check_symbol(const fs::path &file) {
  std::error_code failed;
  const bool is_file = fs::is_regular_file(file, failed);
  if (failed || !is_file)
    return problem(file, "plugin.unreadable", failed ? failed.message() : "it is no regular file",
                   "expected a shared library that can be read");
  if (!std::ifstream(file, std::ios::binary))
    return problem(file, "plugin.unreadable", "it cannot be opened", "check its permissions");
  const symbol_lookup looked = find_symbol(file, CALQUE_ENTRY);
  if (!looked.fault.empty())
    return problem(file, "plugin.not-a-library", looked.fault,
                   fmt::format("expected a shared library (64-bit ELF) that exports {}", CALQUE_ENTRY));
  if (looked.is_there) return {};
  return problem(file, "plugin.no-symbol", fmt::format("it does not export {}", CALQUE_ENTRY),
                 "expected a plugin made with calque_add_plugin() and CALQUE_PLUGIN");
}

result<const calque_plugin *> load_plugin(const fs::path &file) {
  std::error_code failed;
  const fs::path whole = fs::canonical(file, failed);
  if (failed) return problem(file, "plugin.unreadable", failed.message(), "expected a plugin file");
  registry &all = loaded();
  const std::lock_guard hold(all.guard);
  if (const auto known = all.plugins.find(whole); known != all.plugins.end()) return known->second;
  if (auto symbol = check_symbol(whole); !symbol) return symbol.errors();
  try {
    boost::dll::shared_library &library = all.libraries.emplace_back();
    library.load(whole, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    const calque_plugin &plugin = library.get<const calque_plugin>(CALQUE_ENTRY);
    std::vector<diagnostic> wrong = check_plugin(plugin);
    for (diagnostic &one : wrong) one.where.file = whole.string();
    if (!wrong.empty()) return wrong;
    all.plugins.emplace(whole, &plugin);
    return &plugin;
  } catch (const std::exception &error) {
    return problem(whole, "plugin.cannot-load", error.what(),
                   fmt::format("expected a library with all that it needs, exporting {} of ABI {}.{}", CALQUE_ENTRY,
                               CALQUE_ABI_MAJOR, CALQUE_ABI_MINOR));
  }
}

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Loads plugin files with Boost.DLL, and never unloads them.
#include "host/plugins/plugin_library.hpp"

// Boost 1.74 uses std::vector without including it.
#include <vector>

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/library_info.hpp>
#include <boost/dll/shared_library.hpp>

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <exception>
#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>

#include "host/plugins/check_plugin.hpp"

namespace calque::host {
namespace fs = std::filesystem;
namespace {

diagnostic problem(const fs::path &file, std::string code, std::string message, std::string hint) {
  diagnostic d = error(std::move(code), std::move(message), std::move(hint));
  d.where.file = file.string();
  return d;
}

diagnostic no_library(const fs::path &file, std::string why) {
  return problem(file, "plugin.not-a-library", std::move(why),
                 fmt::format("expected a shared library (64-bit ELF) that exports {}", CALQUE_ENTRY));
}

/// What Boost.DLL takes on trust: that the sections lie in the file. Empty when they do.
std::string check_sections(std::ifstream &in, uint64_t size) {
  Elf64_Ehdr head;
  if (size < sizeof(head) || !in.read(reinterpret_cast<char *>(&head), sizeof(head))) return "it is too short";
  if (std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0) return "it is no ELF file";
  if (head.e_ident[EI_CLASS] != ELFCLASS64) return "it is not for 64 bit";
  if ((head.e_ident[EI_DATA] == ELFDATA2LSB) != (std::endian::native == std::endian::little))
    return "it is for machines of the other byte order";
  if (head.e_type != ET_DYN) return "it is ELF, but no shared library";
  if (head.e_shnum == 0 || head.e_shentsize != sizeof(Elf64_Shdr)) return "it has no table of sections";
  if (head.e_shoff > size || size - head.e_shoff < uint64_t{head.e_shnum} * sizeof(Elf64_Shdr))
    return "it is cut off: the table of sections lies beyond its end";
  in.seekg(static_cast<std::streamoff>(head.e_shoff));
  for (unsigned k = 0; k < head.e_shnum; ++k) {
    Elf64_Shdr section;
    if (!in.read(reinterpret_cast<char *>(&section), sizeof(section))) return "its table of sections cannot be read";
    if (section.sh_type == SHT_NOBITS || section.sh_type == SHT_NULL) continue;
    if (section.sh_offset > size || section.sh_size > size - section.sh_offset)
      return fmt::format("it is cut off: section {} lies beyond its end", k);
  }
  return {};
}

/// All libraries that were loaded. Leaked: code of a plugin may run until the process ends (static destructors,
/// threads of libraries it uses), and descriptions point into it.
struct registry {
  std::mutex guard;
  std::map<fs::path, const calque_plugin *> plugins;
};
registry &loaded() {
  static auto *const all = new registry;
  return *all;
}

}  // namespace

result<void> check_symbol(const fs::path &file) {
  std::error_code failed;
  const uint64_t size = fs::file_size(file, failed);
  if (failed || !fs::is_regular_file(file, failed))
    return problem(file, "plugin.unreadable", failed ? failed.message() : "it is no regular file",
                   "expected a shared library that can be read");
  std::ifstream in(file, std::ios::binary);
  if (!in) return problem(file, "plugin.unreadable", "it cannot be opened", "check its permissions");
  if (std::string why = check_sections(in, size); !why.empty()) return no_library(file, std::move(why));
  try {
    boost::dll::library_info info(file);
    const std::vector<std::string> symbols = info.symbols();
    if (std::find(symbols.begin(), symbols.end(), CALQUE_ENTRY) != symbols.end()) return {};
  } catch (const std::exception &wrong) {
    return no_library(file, fmt::format("its symbols cannot be read: {}", wrong.what()));
  }
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
    // Kept by a pointer that nobody deletes: see registry.
    auto *const library = new boost::dll::shared_library(
        whole, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    const calque_plugin &plugin = library->get<const calque_plugin>(CALQUE_ENTRY);
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

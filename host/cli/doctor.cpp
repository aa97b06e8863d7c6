// SPDX-License-Identifier: Apache-2.0
// `calque doctor`: what of this machine matters to runs, and which of it is wrong.
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "host/jail/jail.hpp"
#include "host/cli/doctor_sandbox.hpp"
#include "host/cli/program.hpp"
#include "host/cli/verbs.hpp"
#include "host/pipeline/source_text.hpp"
#include "host/plugins/description_cache.hpp"
#include "host/plugins/search_path.hpp"

namespace calque::host {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t mebibyte = 1 << 20;
constexpr std::uintmax_t least_free = 100 * mebibyte;

struct finding {
  std::string name, value;
  std::string trouble;  // what is wrong with it and what to do; empty: nothing
};

std::vector<finding> look_at_plugins(const plugin_catalog &plugins) {
  std::vector<finding> found;
  for (const fs::path &folder : plugins.folders()) {
    std::error_code unknown;
    const bool is_there = fs::is_directory(folder, unknown);
    found.push_back({"plugin folder", folder.string() + (is_there ? "" : " (not there)"), ""});
  }
  found.push_back({"plugins", fmt::format("{}, with {} stages", plugins.plugins().size(), plugins.stages().size()),
                   plugins.stages().empty() ? "no plugin was found; name a folder with --plugin-path" : ""});
  for (const broken_plugin &broken : plugins.broken())
    found.push_back(
        {"broken plugin", broken.path, broken.reasons.front().code + ": " + broken.reasons.front().message});
  return found;
}

finding look_at_kernel() {
  utsname system{};
  uname(&system);
  return {"kernel", fmt::format("{} {} {}", system.sysname, system.release, system.machine), ""};
}

finding look_at_jail() {
  const jail_tier tier = possible_jail();
  std::string trouble;
  for (const std::string &lack : tier.missing) trouble += (trouble.empty() ? "" : "; ") + lack;
  return {"jail", tier.name(), trouble};
}

finding look_at_cache() {
  const fs::path folder = default_cache_folder();
  if (folder.empty())
    return {"cache", "none", "neither XDG_CACHE_HOME nor HOME names a folder: plugins are asked anew each time"};
  std::uintmax_t bytes = 0, files = 0;
  std::error_code failed;
  for (fs::recursive_directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    std::error_code unknown;
    if (!entry->is_regular_file(unknown)) continue;
    const std::uintmax_t size = entry->file_size(unknown);
    if (!unknown) bytes += size;
    ++files;
  }
  const bool can_write = !fs::exists(folder, failed) || access(folder.c_str(), W_OK) == 0;
  return {"cache",
          fmt::format("{}: {} files, {:.1f} MiB", folder.string(), files, static_cast<double>(bytes) / mebibyte),
          can_write ? "" : "it cannot be written; give it to the user who runs this"};
}

finding look_at_space() {
  std::error_code failed;
  const fs::path here = fs::current_path(failed);
  struct statvfs info {};
  if (failed || statvfs(".", &info) != 0) return {"free space", here.string(), "it cannot be asked"};
  const std::uintmax_t free = std::uintmax_t{info.f_bavail} * info.f_frsize;
  return {
      "free space", fmt::format("{}: {} MiB", here.string(), free / mebibyte),
      free < least_free ? fmt::format("less than {} MiB; runs stop when a disk is full", least_free / mebibyte) : ""};
}

/// A clock that stands before the program was built is wrong: records and logs would be misdated.
finding look_at_clock(const fs::path &program) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  char text[32] = "";
  tm parts{};
  if (gmtime_r(&now.tv_sec, &parts) != nullptr) strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  struct stat info {};
  const bool is_behind = stat(program.c_str(), &info) == 0 && now.tv_sec + 24 * 3600 < info.st_mtime;
  return {"clock", text, is_behind ? "it is behind the program's own file; set it" : ""};
}

finding look_at_locale() {
  for (const char *name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (const char *value = std::getenv(name); value != nullptr && *value != '\0')
      return {"locale", fmt::format("{}={} (no output depends on it)", name, value), ""};
  return {"locale", "C (no output depends on it)", ""};
}

std::vector<finding> look_at_all(program &p) {
  const fs::path self = own_program();
  std::vector<finding> all{{"version", std::string(version_text()), ""}, {"program", self.string(), ""}};
  for (finding &one : look_at_plugins(p.plugins())) all.push_back(std::move(one));
  for (finding &one : std::vector{look_at_kernel(), look_at_jail(), look_at_cache(), look_at_space(),
                                  look_at_clock(self), look_at_locale()})
    all.push_back(std::move(one));
  return all;
}

}  // namespace

exit_code doctor(program &p, const doctor_options &options) {
  if (options.sandbox) return doctor_sandbox(p, options);
  const std::vector<finding> all = look_at_all(p);
  std::size_t wrong = 0;
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const finding &one : all) {
    wrong += one.trouble.empty() ? 0 : 1;
    list.push_back({{"name", one.name}, {"value", one.value}, {"trouble", one.trouble}});
    if (options.format == "json") continue;
    p.data(fmt::format("{:<14}  {}\n", one.name, show_text(one.value)));
    if (!one.trouble.empty()) p.data(fmt::format("{:>14}  {}\n", "!", show_text(one.trouble)));
  }
  if (options.format == "json") {
    const nlohmann::ordered_json whole{{"schema", "calque.doctor/1"}, {"wrong", wrong}, {"findings", list}};
    p.data(whole.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  }
  return wrong == 0 ? exit_code::ok : exit_code::some_failed;
}

}  // namespace calque::host

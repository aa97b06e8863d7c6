// SPDX-License-Identifier: Apache-2.0
// Reads and writes the entries of the cache of descriptions.
#include "host/plugins/description_cache.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string_view>
#include <system_error>

#include "host/document/document.hpp"

namespace calque::host {
namespace fs = std::filesystem;
namespace {

// Raised when the rules of check_plugin or the form of reports change: older entries are then not looked at.
constexpr int form = 1;

std::optional<std::string> read_file(const fs::path &file) {
  std::error_code failed;
  // A FIFO would block, and a folder reads as empty.
  if (!fs::is_regular_file(file, failed)) return std::nullopt;
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) return std::nullopt;
  std::string bytes(static_cast<size_t>(in.tellg()), '\0');
  in.seekg(0);
  if (!in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) return std::nullopt;
  return bytes;
}

/// The outcome is the same on every machine.
bool is_decided_by_bytes(const result<plugin_description> &described) {
  if (described) return true;
  for (const diagnostic &one : described.errors())
    if (one.code != "plugin.not-a-library" && one.code != "plugin.no-symbol" && one.code != "plugin.bad-magic" &&
        one.code != "plugin.abi" && one.code != "plugin.bad-description")
      return false;
  return true;
}

/// What changes with the bytes of a file. Nothing while it is so young that another change could have the same times.
std::optional<std::string> marks_of(const fs::path &file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  constexpr std::time_t settled = 3;  // seconds; coarser clocks than that stamp no files
  if (std::time(nullptr) < info.st_ctim.tv_sec + settled) return std::nullopt;
  return fmt::format("{} {} {} {}.{} {}.{} ", info.st_dev, info.st_ino, info.st_size, info.st_mtim.tv_sec,
                     info.st_mtim.tv_nsec, info.st_ctim.tv_sec, info.st_ctim.tv_nsec);
}

}  // namespace

std::optional<std::string> digest_of_file(const fs::path &file) {
  const std::optional<std::string> bytes = read_file(file);
  if (!bytes) return std::nullopt;
  return to_hex(sha256_of(*bytes));
}

fs::path default_cache_folder() {
  // As the XDG base directories have it: a relative value counts as none.
  if (const char *cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache == '/') return fs::path(cache) / "calque";
  if (const char *home = std::getenv("HOME"); home != nullptr && *home == '/') return fs::path(home) / ".cache/calque";
  return {};
}

fs::path description_cache::entry(const std::string &digest) const {
  return folder_ / fmt::format("plugin-{}.{}-{}-{}", CALQUE_ABI_MAJOR, CALQUE_ABI_MINOR, form, digest);
}

// An entry is the digest of the report, a line end, and the report.
std::optional<result<plugin_description>> description_cache::find(const std::string &digest) const {
  if (folder_.empty()) return std::nullopt;
  const std::optional<std::string> bytes = read_file(entry(digest));
  if (!bytes) return std::nullopt;
  const size_t line_end = bytes->find('\n');
  if (line_end == std::string::npos) return std::nullopt;
  const std::string_view report = std::string_view(*bytes).substr(line_end + 1);
  if (std::string_view(*bytes).substr(0, line_end) != to_hex(sha256_of(report))) return std::nullopt;
  return parse_report(report);
}

void description_cache::keep(const std::string &digest, const result<plugin_description> &described) const {
  if (folder_.empty() || !is_decided_by_bytes(described)) return;
  const std::string report = to_report(described);
  write(entry(digest), to_hex(sha256_of(report)) + '\n' + report);
}

std::optional<std::string> description_cache::digest_of(const fs::path &file) const {
  const std::optional<std::string> marks = folder_.empty() ? std::nullopt : marks_of(file);
  if (!marks) return digest_of_file(file);
  std::error_code failed;
  const fs::path known = folder_ / ("digest-" + to_hex(sha256_of(fs::absolute(file, failed).string())).substr(0, 32));
  if (const auto line = read_file(known); line && line->size() == marks->size() + 65 && line->starts_with(*marks) && line->back() == '\n')
    return line->substr(marks->size(), 64);
  auto digest = digest_of_file(file);
  if (digest && marks_of(file) == marks) write(known, *marks + *digest + '\n');
  return digest;
}

void description_cache::write(const fs::path &entry, const std::string &bytes) const {
  std::error_code failed;
  fs::create_directories(folder_, failed);
  const fs::path part = entry.string() + fmt::format(".{}", ::getpid());  // two programs may write at once
  std::ofstream out(part, std::ios::binary);
  out << bytes;
  out.close();
  if (out) fs::rename(part, entry, failed);
  if (!out || failed) fs::remove(part, failed);
}

}  // namespace calque::host

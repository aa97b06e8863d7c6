// SPDX-License-Identifier: Apache-2.0
// Reads and writes the entries of the cache of descriptions.
#include "host/plugins/description_cache.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
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
  std::error_code failed;
  fs::create_directories(folder_, failed);
  const fs::path whole = entry(digest);
  const fs::path part = whole.string() + fmt::format(".{}", ::getpid());  // two programs may write at once
  const std::string report = to_report(described);
  std::ofstream out(part, std::ios::binary);
  out << to_hex(sha256_of(report)) << '\n' << report;
  out.close();
  if (out) fs::rename(part, whole, failed);
  if (!out || failed) fs::remove(part, failed);
}

}  // namespace calque::host

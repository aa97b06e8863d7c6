// SPDX-License-Identifier: Apache-2.0
// Documents between stages that are kept from one run to the next.
#include "host/batch/document_cache.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "host/worker/worker_memory.hpp"
#include "host/system/bytes_io.hpp"

namespace calque::host {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_entry = std::uint64_t{1} << 30;

struct entry {
  fs::path path;
  std::uint64_t bytes = 0;
  std::int64_t used = 0;
};

std::vector<entry> entries_in(const std::string &folder) {
  std::vector<entry> found;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    struct stat info {};
    if (::lstat(at->path().c_str(), &info) == 0 && S_ISREG(info.st_mode))
      found.push_back({at->path(), static_cast<std::uint64_t>(info.st_size), info.st_mtim.tv_sec});
  }
  return found;
}

}  // namespace

std::string document_cache::path_of(const short_digest &key) const {
  std::string name;
  for (const std::uint8_t byte : key) name += fmt::format("{:02x}", byte);
  return fmt::format("{}/{}/{}", folder_, name.substr(0, 2), name.substr(2));
}

descriptor document_cache::fetch(const short_digest &key) const {
  if (!is_on()) return descriptor();
  const std::string path = path_of(key);
  const auto bytes = read_file(path, most_entry);
  if (!bytes) return descriptor();
  // Used now: it is not among the first to go.
  ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0);
  return sealed_memory("calque-document", *bytes);
}

bool document_cache::keep(const short_digest &key, int sealed) const {
  struct stat info {};
  if (!is_on() || !is_sealed(sealed) || ::fstat(sealed, &info) != 0 ||
      static_cast<std::uint64_t>(info.st_size) > most_entry)
    return false;
  const auto bytes = read_at(sealed, 0, static_cast<std::size_t>(info.st_size));
  if (!bytes || !unpack_all(*bytes)) return false;
  const std::string path = path_of(key);
  std::error_code failed;
  fs::create_directories(fs::path(path).parent_path(), failed);
  // Not made durable: what a power cut leaves of it is found to be unsound, and made again.
  const std::string part = path + fmt::format(".part-{}", ::getpid());
  const descriptor fd(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (fd && write_whole(*fd, *bytes) == 0 && ::rename(part.c_str(), path.c_str()) == 0) return true;
  ::unlink(part.c_str());
  return false;
}

cache_size document_cache::size() const {
  cache_size all;
  for (const entry &one : entries_in(folder_)) {
    ++all.documents;
    all.bytes += one.bytes;
  }
  return all;
}

cache_size document_cache::shrink(std::uint64_t most) const {
  std::vector<entry> all = entries_in(folder_);
  std::sort(all.begin(), all.end(), [](const entry &a, const entry &b) { return std::tie(a.used, a.path) < std::tie(b.used, b.path); });
  std::uint64_t bytes = 0;
  for (const entry &one : all) bytes += one.bytes;
  cache_size gone;
  for (const entry &one : all) {
    if (bytes <= most) break;
    std::error_code failed;
    if (!fs::remove(one.path, failed)) continue;
    bytes -= one.bytes;
    ++gone.documents;
    gone.bytes += one.bytes;
  }
  return gone;
}

}  // namespace calque::host

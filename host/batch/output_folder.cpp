// SPDX-License-Identifier: Apache-2.0
// The folder that editions go to: every path below it, without a step through a symbolic link or out of it.
#include "host/batch/output_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "host/batch/file_digest.hpp"
#include "host/pipeline/output_failure.hpp"
#include "host/pipeline/publish.hpp"
#include "host/system/calls.hpp"

namespace calque::host {
namespace {

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr std::size_t most_open_folders = 200;

std::string_view folder_in(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

file_mark mark_of(const struct stat &info) {
  return {static_cast<std::uint64_t>(info.st_size), info.st_ino,
          static_cast<std::int64_t>(info.st_ctim.tv_sec) * 1'000'000'000 + info.st_ctim.tv_nsec,
          S_ISREG(info.st_mode)};
}

}  // namespace

std::string_view name_in(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

result<output_folder> output_folder::open(const std::string &path, bool make) {
  output_folder made;
  made.path_ = path.empty() ? "." : path;
  if (make) {
    // One folder at a time, each made durable in the one above it: else a power cut takes all that is below.
    for (std::size_t slash = made.path_.find('/', 1);; slash = made.path_.find('/', slash + 1)) {
      const std::string part = made.path_.substr(0, slash);
      if (calls::mkdir(part.c_str(), 0777) == 0)
        calls::fsync(*descriptor(calls::open((part + "/..").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
      else if (errno != EEXIST)
        return output_failure("create the folder", part, errno);
      if (slash == std::string::npos) break;
    }
  }
  made.root_ = descriptor(calls::open(made.path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!made.root_) return output_failure("open the folder", made.path_, errno);
  return made;
}

int output_folder::folder_of(const std::string &file, bool make) {
  // Whoever calls has looked; but "..", once it is in the state, would be followed each time.
  if (!is_safe_output_path(file)) {
    errno = EINVAL;
    return -1;
  }
  const std::string_view folder = folder_in(file);
  if (folder.empty()) return *root_;
  if (const auto known = folders_.find(folder); known != folders_.end()) return *known->second;
  if (folders_.size() >= most_open_folders) forget_folders();
  int at = *root_;
  for (std::size_t begin = 0; begin <= folder.size();) {
    const std::size_t slash = std::min(folder.find('/', begin), folder.size());
    const std::string path(folder.substr(0, slash)), part(folder.substr(begin, slash - begin));
    begin = slash + 1;
    auto known = folders_.find(path);
    if (known == folders_.end()) {
      if (make && calls::mkdirat(at, part.c_str(), 0777) == 0)
        changed_.insert(std::string(folder_in(path)));
      else if (make && errno != EEXIST)
        return -1;
      descriptor fd(calls::openat(at, part.c_str(), folder_flags));
      if (!fd) {
        const int number = errno;
        struct stat info {};
        if (::fstatat(at, part.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(info.st_mode))
          errno = ELOOP;
        else
          errno = number;
        return -1;
      }
      known = folders_.emplace(path, std::move(fd)).first;
    }
    at = *known->second;
  }
  return at;
}

std::optional<file_mark> output_folder::look(const std::string &file) {
  const int folder = folder_of(file, false);
  struct stat info {};
  if (folder < 0 || ::fstatat(folder, std::string(name_in(file)).c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
    return std::nullopt;
  return mark_of(info);
}

std::optional<sha256_digest> output_folder::digest(const std::string &file) {
  const int folder = folder_of(file, false);
  if (folder < 0) return std::nullopt;
  const descriptor fd(calls::openat(folder, std::string(name_in(file)).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat info {};
  if (!fd || ::fstat(*fd, &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return sha256_of_file(*fd);
}

result<void> output_folder::check(const std::string &file, bool make) {
  const std::string full = path_ + "/" + file;
  const int folder = folder_of(file, make);
  if (folder < 0) {
    if (!make && errno == ENOENT) return {};
    return output_failure("write below", path_ + "/" + std::string(folder_in(file)), errno);
  }
  struct stat there {};
  if (::fstatat(folder, std::string(name_in(file)).c_str(), &there, AT_SYMLINK_NOFOLLOW) != 0)
    return errno == ENOENT ? result<void>() : output_failure("write", full, errno);
  if (S_ISDIR(there.st_mode))
    return error("output.not-a-file", fmt::format("cannot write {}: there is a folder of that name", full),
                 "choose another name with `to`, or another folder with -o");
  if (S_ISLNK(there.st_mode))
    return error("output.symlink", fmt::format("cannot write {}: a symbolic link has that name", full),
                 "outputs never go through symbolic links; remove it");
  if (!S_ISREG(there.st_mode))
    return error("output.not-a-file", fmt::format("cannot write {}: it is a pipe or a device", full),
                 "choose another name with `to`, or another folder with -o");
  return {};
}

int output_folder::place(int from, const std::string &name, const std::string &file) {
  const int folder = folder_of(file, true);
  if (folder < 0) return errno;
  if (calls::renameat(from, name.c_str(), folder, std::string(name_in(file)).c_str()) != 0) {
    const int failed = errno;
    folders_.clear(); // somebody may have removed a folder that is open here
    return failed;
  }
  changed_.insert(std::string(folder_in(file)));
  return 0;
}

int output_folder::set_aside(const std::string &file, int to, const std::string &name) {
  const int folder = folder_of(file, false);
  if (folder < 0) return errno == ENOENT ? 0 : errno;
  if (::linkat(folder, std::string(name_in(file)).c_str(), to, name.c_str(), 0) != 0 && errno != ENOENT) return errno;
  return 0;
}

int output_folder::remove(const std::string &file) {
  const int folder = folder_of(file, false);
  if (folder < 0) return errno == ENOENT || errno == ENOTDIR ? 0 : errno;
  if (calls::unlinkat(folder, std::string(name_in(file)).c_str(), 0) != 0 && errno != ENOENT) return errno;
  changed_.insert(std::string(folder_in(file)));
  for (std::string path(folder_in(file)); !path.empty(); path = folder_in(path)) {
    const int above = folder_of(path, false);
    if (above < 0 || calls::unlinkat(above, std::string(name_in(path)).c_str(), AT_REMOVEDIR) != 0) break;
    changed_.erase(path);
    changed_.insert(std::string(folder_in(path)));
    folders_.erase(path);
  }
  return 0;
}

int output_folder::sync_folders() {
  int failed = 0;
  for (const std::string &path : changed_) {
    const auto known = folders_.find(path);
    const int fd = path.empty() ? *root_ : known != folders_.end() ? *known->second : folder_of(path + "/x", false);
    if (fd < 0) continue;  // it was removed meanwhile: there is nothing in it to keep
    if (calls::fsync(fd) != 0) failed = errno;
  }
  changed_.clear();
  return failed;
}

void output_folder::forget_folders() {
  folders_.clear();
}

}  // namespace calque::host

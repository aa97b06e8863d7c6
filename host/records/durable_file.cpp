// SPDX-License-Identifier: Apache-2.0
// A file that appears whole or not at all: written aside in its own folder, made durable, then renamed into place.
#include "host/records/durable_file.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "host/pipeline/output_failure.hpp"
#include "host/system/calls.hpp"

namespace calque::host {
namespace {

constexpr std::size_t most_waiting = 65536;

}  // namespace

durable_file::durable_file(std::string path, int folder) : path_(std::move(path)), folder_(folder) {
  name_ = path_.substr(path_.rfind('/') + 1);
  // Short whatever the name's length, and the same each time: what a killed run left is replaced, not added to.
  aside_ = "." + name_.substr(0, 200) + ".new";
}

durable_file::durable_file(durable_file &&other) noexcept
    : path_(std::move(other.path_)),
      name_(std::move(other.name_)),
      aside_(std::move(other.aside_)),
      waiting_(std::move(other.waiting_)),
      folder_(std::exchange(other.folder_, -1)),
      file_(std::exchange(other.file_, -1)),
      is_direct_(other.is_direct_) {}

durable_file::~durable_file() {
  if (file_ >= 0) {
    close(file_);
    if (!is_direct_) calls::unlinkat(folder_, aside_.c_str(), 0);
  }
  if (folder_ >= 0) close(folder_);
}

result<durable_file> durable_file::create(const std::string &path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int fd = calls::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return output_failure("create", path, errno);
  durable_file file(path, fd);
  struct stat there {};
  file.is_direct_ = fstatat(fd, file.name_.c_str(), &there, 0) == 0 && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode);
  if (file.is_direct_) {
    // Without waiting for a reader of the pipe; what is written then may wait.
    file.file_ = calls::openat(fd, file.name_.c_str(), O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (file.file_ < 0 || fcntl(file.file_, F_SETFL, 0) != 0) return output_failure("write", path, errno);
    return file;
  }
  calls::unlinkat(fd, file.aside_.c_str(), 0);
  file.file_ = calls::openat(fd, file.aside_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (file.file_ < 0) return output_failure("write", path, errno);
  return file;
}

result<void> durable_file::write(std::string_view bytes) {
  waiting_.append(bytes);
  return waiting_.size() < most_waiting ? result<void>() : flush();
}

result<void> durable_file::flush() {
  for (std::string_view rest = waiting_; !rest.empty();) {
    const ssize_t written = calls::write(file_, rest.data(), rest.size());
    if (written <= 0) return output_failure("write", path_, written < 0 ? errno : EIO);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  waiting_.clear();
  return {};
}

result<void> durable_file::make_durable() {
  if (auto flushed = flush(); !flushed.has_value()) return flushed;
  if (!is_direct_ && calls::fsync(file_) != 0) return output_failure("write", path_, errno);
  return {};
}

result<void> durable_file::put_in_place() {
  if (is_direct_) return {};
  if (calls::renameat(folder_, aside_.c_str(), folder_, name_.c_str()) != 0) return output_failure("write", path_, errno);
  close(std::exchange(file_, -1));
  if (calls::fsync(folder_) != 0 && errno != EINVAL)  // some file systems cannot, and need not
    return output_failure("write", path_, errno);
  return {};
}

result<void> write_durably(const std::string &path, std::string_view bytes) {
  auto file = durable_file::create(path);
  if (!file.has_value()) return file.errors();
  if (auto done = file->write(bytes); !done.has_value()) return done;
  if (auto done = file->make_durable(); !done.has_value()) return done;
  return file->put_in_place();
}

}  // namespace calque::host

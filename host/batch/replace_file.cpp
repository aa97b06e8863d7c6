// SPDX-License-Identifier: Apache-2.0
// Writes a file so that its readers see the old content or the new one, never a part.
#include "host/batch/replace_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "host/pipeline/source_text.hpp"

namespace calque::host {
namespace {

diagnostic failed(const std::string &path, int number) {
  const std::string message = fmt::format("cannot write {}: {}", show_text(path), std::strerror(number));
  switch (number) {
    case EACCES:
    case EPERM:
    case EROFS:
      return error("output.permission", message, "choose another place, or change the permissions of its folder");
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return error("output.disk-full", message, "free some space; what was there before is unchanged");
    case EIO:
      return error("output.cannot-write", message, "the disk reports an error; what was there before is unchanged");
    default:
      return error("output.cannot-create", message, "see whether its folder is there and no folder has that name");
  }
}

int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? errno : EIO;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return fsync(fd) == 0 ? 0 : errno;
}

}  // namespace

result<void> replace_file(const std::string &path, std::string_view bytes) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  // A name of its own: the target's may be as long as names can be.
  std::string staged;
  int fd = -1;
  for (int n = 0; fd < 0 && n < 100; ++n) {
    staged = fmt::format("{}/.calque-{}-{}", folder, getpid(), n);
    fd = open(staged.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0 && errno != EEXIST) break;
  }
  if (fd < 0) return failed(path, errno);
  int number = write_all(fd, bytes);
  if (close(fd) != 0 && number == 0) number = errno;
  if (number == 0 && rename(staged.c_str(), path.c_str()) != 0) number = errno;
  if (number != 0) {
    unlink(staged.c_str());
    return failed(path, number);
  }
  if (const int at = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); at >= 0) {
    fsync(at);
    close(at);
  }
  return {};
}

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Whole reads and writes: what the calls of the system do in pieces, done to the end or not at all.
#include "host/system/bytes_io.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "host/system/calls.hpp"

namespace calque::host {
namespace {

template <class Write>
int write_pieces(std::string_view bytes, Write &&write) {
  while (!bytes.empty()) {
    const ssize_t written = write(bytes);
    if (written <= 0) return written < 0 ? errno : EIO;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

int write_whole(int fd, std::string_view bytes) {
  return write_pieces(bytes, [&](std::string_view rest) { return calls::write(fd, rest.data(), rest.size()); });
}

int write_whole_at(int fd, std::string_view bytes, std::uint64_t offset) {
  return write_pieces(bytes, [&](std::string_view rest) {
    const ssize_t written = calls::pwrite(fd, rest.data(), rest.size(), static_cast<off_t>(offset));
    if (written > 0) offset += static_cast<std::uint64_t>(written);
    return written;
  });
}

std::optional<std::string> read_at(int fd, std::uint64_t offset, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t used = 0;
  while (used < size) {
    const ssize_t got = calls::pread(fd, bytes.data() + used, size - used, static_cast<off_t>(offset + used));
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  bytes.resize(used);
  return bytes;
}

std::optional<std::string> read_file(const std::string &path, std::uint64_t most) {
  // O_NONBLOCK: a pipe under that name must not make anyone wait.
  const descriptor fd(calls::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat info {};
  if (!fd || ::fstat(*fd, &info) != 0) return std::nullopt;
  if (!S_ISREG(info.st_mode) || static_cast<std::uint64_t>(info.st_size) > most) {
    errno = S_ISREG(info.st_mode) ? EFBIG : EINVAL;
    return std::nullopt;
  }
  return read_at(*fd, 0, static_cast<std::size_t>(info.st_size));
}

int sync_folder_of(const std::string &path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  const descriptor fd(calls::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd && calls::fsync(*fd) == 0 ? 0 : errno;
}

descriptor sealed_memory(const char *name, std::string_view bytes) {
  descriptor fd(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) return fd;
  if (const int failed = write_whole(*fd, bytes); failed != 0) {
    errno = failed;
    return descriptor();
  }
  if (::fcntl(*fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) return descriptor();
  return fd;
}

bool is_sealed(int fd) {
  const int seals = ::fcntl(fd, F_GET_SEALS);
  constexpr int needed = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW;
  return seals >= 0 && (seals & needed) == needed;
}

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Calls of the system on files and folders that are made again when a signal interrupts them, as network file systems do.
#pragma once

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace calque::host::calls {

/// A call that is interrupted each time is a failure like another: nobody is to wait for ever.
constexpr int most_tries = 1000;

template <class Call>
auto again(Call &&call) {
  for (int tries = 1;; ++tries)
    if (const auto result = call(); result >= 0 || errno != EINTR || tries == most_tries) return result;
}

inline ssize_t write(int fd, const void *bytes, std::size_t size) {
  return again([&] { return ::write(fd, bytes, size); });
}
inline ssize_t pwrite(int fd, const void *bytes, std::size_t size, off_t at) {
  return again([&] { return ::pwrite(fd, bytes, size, at); });
}
inline ssize_t pread(int fd, void *bytes, std::size_t size, off_t at) {
  return again([&] { return ::pread(fd, bytes, size, at); });
}
inline int open(const char *path, int flags, mode_t mode = 0) {
  return again([&] { return ::open(path, flags, mode); });
}
inline int openat(int folder, const char *name, int flags, mode_t mode = 0) {
  return again([&] { return ::openat(folder, name, flags, mode); });
}
inline int mkdir(const char *path, mode_t mode) {
  return again([&] { return ::mkdir(path, mode); });
}
inline int mkdirat(int folder, const char *name, mode_t mode) {
  return again([&] { return ::mkdirat(folder, name, mode); });
}
inline int rename(const char *from, const char *to) {
  return again([&] { return ::rename(from, to); });
}
inline int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  return again([&] { return ::renameat(from_folder, from, to_folder, to); });
}
inline int unlinkat(int folder, const char *name, int flags) {
  return again([&] { return ::unlinkat(folder, name, flags); });
}
inline int fsync(int fd) {
  return again([&] { return ::fsync(fd); });
}
inline int fdatasync(int fd) {
  return again([&] { return ::fdatasync(fd); });
}
inline int ftruncate(int fd, off_t size) {
  return again([&] { return ::ftruncate(fd, size); });
}

}  // namespace calque::host::calls

/* SPDX-License-Identifier: Apache-2.0 */
/* The hooks of libfault.so on names: open, rename, link, unlink and folders. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim.h"

#define HOOK __attribute__((visibility("default")))
#define SAME_AS(name) __attribute__((visibility("default"), alias(#name)))

static int answer(long result) {
  if (result >= 0) return (int)result;
  errno = (int)-result;
  return -1;
}

static struct fault_place named(int folder, const char *name) { return (struct fault_place){folder, name}; }

/* ---- Opening, where something may be written ---------------------------------------------------------------- */

static long open_file(int folder, const char *name, uint64_t flags, uint64_t mode, uint64_t resolve) {
  const struct open_how how = {flags, mode, resolve};
  const int is_plain = resolve == 0;
  const int may_write = (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) != 0;
  if (!may_write)
    return is_plain ? FAULT_RAW4(SYS_openat, folder, name, flags, mode)
                    : FAULT_RAW4(SYS_openat2, folder, name, &how, sizeof(how));
  struct fault_call call;
  fault_enter(&call, op_open, named(folder, name), FAULT_NOWHERE);
  const int was_there = FAULT_RAW4(SYS_faccessat, folder, name, F_OK, 0) == 0;
  const long fd = call.error != 0 ? -call.error
                  : is_plain      ? FAULT_RAW4(SYS_openat, folder, name, flags, mode)
                                  : FAULT_RAW4(SYS_openat2, folder, name, &how, sizeof(how));
  if (fd >= 0 && call.is_watched && fault_is_recording()) {
    char path[PATH_MAX];
    fault_path_of((int)fd, path, sizeof(path)); /* links are followed */
    call.path = path;
    call.inode = fault_inode_of((int)fd);
    if ((flags & O_TMPFILE) == O_TMPFILE)
      fault_record(&call, record_tmpfile, 0, NULL, 0, 0);
    else if ((flags & O_CREAT) != 0 && !was_there)
      fault_record(&call, record_create, 0, NULL, 0, 0);
    else if ((flags & O_TRUNC) != 0)
      fault_record(&call, record_truncate, 0, NULL, 0, 0);
  }
  fault_leave(&call);
  return fd;
}

long fault_openat2(int folder, const char *name, const struct open_how *how);
long fault_openat2(int folder, const char *name, const struct open_how *how) {
  return open_file(folder, name, how->flags, how->mode, how->resolve);
}

static mode_t mode_of(int flags, va_list rest) {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, mode_t) : 0;
}

HOOK int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return answer(open_file(AT_FDCWD, path, (unsigned)flags, mode, 0));
}
HOOK int openat(int folder, const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return answer(open_file(folder, path, (unsigned)flags, mode, 0));
}
HOOK int creat(const char *path, mode_t mode) {
  return answer(open_file(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode, 0));
}
SAME_AS(open) int open64(const char *, int, ...);
SAME_AS(openat) int openat64(int, const char *, int, ...);
SAME_AS(creat) int creat64(const char *, mode_t);

/* What _FORTIFY_SOURCE makes of calls without a mode. */
int __open_2(const char *, int);
int __open64_2(const char *, int);
int __openat_2(int, const char *, int);
int __openat64_2(int, const char *, int);
HOOK int __open_2(const char *path, int flags) { return answer(open_file(AT_FDCWD, path, (unsigned)flags, 0, 0)); }
HOOK int __open64_2(const char *path, int flags) { return __open_2(path, flags); }
HOOK int __openat_2(int folder, const char *path, int flags) {
  return answer(open_file(folder, path, (unsigned)flags, 0, 0));
}
HOOK int __openat64_2(int folder, const char *path, int flags) { return __openat_2(folder, path, flags); }

/* ---- Renaming, linking, removing ---------------------------------------------------------------------------- */

long fault_renameat2(int old_folder, const char *old_name, int folder, const char *name, unsigned flags);
long fault_renameat2(int old_folder, const char *old_name, int folder, const char *name, unsigned flags) {
  struct fault_call call;
  fault_enter(&call, op_rename, named(old_folder, old_name), named(folder, name));
  const long result =
      call.error != 0 ? -call.error : FAULT_RAW5(SYS_renameat2, old_folder, old_name, folder, name, flags);
  if (result == 0) fault_record(&call, record_rename, flags, NULL, 0, 0);
  fault_leave(&call);
  return result;
}
HOOK int rename(const char *from, const char *to) {
  return answer(fault_renameat2(AT_FDCWD, from, AT_FDCWD, to, 0));
}
HOOK int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  return answer(fault_renameat2(from_folder, from, to_folder, to, 0));
}
HOOK int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  return answer(fault_renameat2(from_folder, from, to_folder, to, flags));
}

HOOK int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  struct fault_call call;
  fault_enter(&call, op_link, named(from_folder, from), named(to_folder, to));
  const long result =
      call.error != 0 ? -call.error : FAULT_RAW5(SYS_linkat, from_folder, from, to_folder, to, flags);
  if (result == 0) fault_record(&call, record_link, 0, NULL, 0, 0);
  fault_leave(&call);
  return answer(result);
}
HOOK int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

HOOK int symlinkat(const char *target, int folder, const char *name) {
  struct fault_call call;
  fault_enter(&call, op_symlink, named(folder, name), FAULT_NOWHERE);
  const long result = call.error != 0 ? -call.error : FAULT_RAW3(SYS_symlinkat, target, folder, name);
  const struct iovec data = {(void *)target, result == 0 ? strlen(target) : 0};
  if (result == 0) fault_record(&call, record_symlink, 0, &data, 1, data.iov_len);
  fault_leave(&call);
  return answer(result);
}
HOOK int symlink(const char *target, const char *name) { return symlinkat(target, AT_FDCWD, name); }

HOOK int unlinkat(int folder, const char *name, int flags) {
  const int is_folder = (flags & AT_REMOVEDIR) != 0;
  struct fault_call call;
  fault_enter(&call, is_folder ? op_rmdir : op_unlink, named(folder, name), FAULT_NOWHERE);
  const long result = call.error != 0 ? -call.error : FAULT_RAW3(SYS_unlinkat, folder, name, flags);
  if (result == 0) fault_record(&call, is_folder ? record_rmdir : record_unlink, 0, NULL, 0, 0);
  fault_leave(&call);
  return answer(result);
}
HOOK int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
HOOK int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
HOOK int remove(const char *path) {
  const int kept = errno;
  if (unlink(path) == 0) return 0;
  if (errno != EISDIR && errno != EPERM) return -1;
  errno = kept;
  return rmdir(path);
}

HOOK int mkdirat(int folder, const char *name, mode_t mode) {
  struct fault_call call;
  fault_enter(&call, op_mkdir, named(folder, name), FAULT_NOWHERE);
  const long result = call.error != 0 ? -call.error : FAULT_RAW3(SYS_mkdirat, folder, name, mode);
  if (result == 0) fault_record(&call, record_mkdir, 0, NULL, 0, 0);
  fault_leave(&call);
  return answer(result);
}
HOOK int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

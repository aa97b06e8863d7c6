/* SPDX-License-Identifier: Apache-2.0 */
/* The hooks of libfault.so on what stands in files: writing, cutting, reserving and syncing. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim.h"

#define HOOK __attribute__((visibility("default")))
#define SAME_AS(name) __attribute__((visibility("default"), alias(#name)))

static long answer(long result) {
  if (result >= 0) return result;
  errno = (int)-result;
  return -1;
}

static void enter(struct fault_call *call, enum fault_op op, int fd) {
  fault_enter(call, op, (struct fault_place){fd, NULL}, FAULT_NOWHERE);
  if (call->is_watched && fault_is_recording()) call->inode = fault_inode_of(fd);
}

/* ---- Writing --------------------------------------------------------------------------------------------------- */

enum { at_position = -1 };

static long write_parts(int fd, const struct iovec *parts, int count, int64_t offset) {
  struct fault_call call;
  enter(&call, op_write, fd);
  struct iovec first;
  if (call.is_short && count > 0) {
    first = (struct iovec){parts->iov_base, (parts->iov_len + 1) / 2};
    parts = &first;
    count = 1;
  }
  const long n = call.error != 0          ? -call.error
                 : offset == at_position ? FAULT_RAW3(SYS_writev, fd, parts, count)
                                          : FAULT_RAW5(SYS_pwritev, fd, parts, count, offset, 0);
  if (n > 0 && call.is_watched && fault_is_recording()) {
    /* With O_APPEND, Linux appends whatever the offset says; and the position is behind what was written. */
    struct stat now;
    const int is_appended = (FAULT_RAW2(SYS_fcntl, fd, F_GETFL) & O_APPEND) != 0 && FAULT_RAW2(SYS_fstat, fd, &now) == 0;
    const int64_t begin = is_appended              ? now.st_size - n
                          : offset != at_position ? offset
                                                   : FAULT_RAW3(SYS_lseek, fd, 0, SEEK_CUR) - n;
    if (begin >= 0) fault_record(&call, record_write, (uint64_t)begin, parts, count, (uint64_t)n);
  }
  fault_leave(&call);
  return answer(n);
}

HOOK ssize_t write(int fd, const void *bytes, size_t size) {
  const struct iovec part = {(void *)bytes, size};
  return write_parts(fd, &part, 1, at_position);
}
HOOK ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset) {
  const struct iovec part = {(void *)bytes, size};
  return write_parts(fd, &part, 1, offset);
}
HOOK ssize_t writev(int fd, const struct iovec *parts, int count) {
  return write_parts(fd, parts, count, at_position);
}
HOOK ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  return write_parts(fd, parts, count, offset);
}
SAME_AS(pwrite) ssize_t pwrite64(int, const void *, size_t, off_t);
SAME_AS(pwritev) ssize_t pwritev64(int, const struct iovec *, int, off_t);

/* What the kernel copied is read back, a piece at a time. */
static void record_copied(struct fault_call *call, int to, int64_t begin, long n) {
  static char piece[1 << 16]; /* under the recorder's lock */
  if (!call->is_watched || !fault_is_recording()) return;
  char name[32];
  snprintf(name, sizeof(name), "/proc/self/fd/%d", to); /* also of a file whose name is gone */
  const long fd = FAULT_RAW4(SYS_openat, AT_FDCWD, name, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) fault_give_up("a copied file cannot be read back");
  while (n > 0) {
    const long want = n < (long)sizeof(piece) ? n : (long)sizeof(piece);
    const long got = FAULT_RAW4(SYS_pread64, fd, piece, want, begin);
    if (got <= 0) fault_give_up("a copied file cannot be read back");
    const struct iovec part = {piece, (size_t)got};
    fault_record(call, record_write, (uint64_t)begin, &part, 1, (uint64_t)got);
    begin += got;
    n -= got;
  }
  FAULT_RAW1(SYS_close, fd);
}

HOOK ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t size, unsigned flags) {
  struct fault_call call;
  enter(&call, op_write, to);
  if (call.is_short) size = (size + 1) / 2;
  const long n =
      call.error != 0 ? -call.error : FAULT_RAW6(SYS_copy_file_range, from, from_at, to, to_at, size, flags);
  if (n > 0) record_copied(&call, to, (to_at != NULL ? *to_at : FAULT_RAW3(SYS_lseek, to, 0, SEEK_CUR)) - n, n);
  fault_leave(&call);
  return answer(n);
}
HOOK ssize_t sendfile(int to, int from, off_t *from_at, size_t size) {
  struct fault_call call;
  enter(&call, op_write, to);
  if (call.is_short) size = (size + 1) / 2;
  const long n = call.error != 0 ? -call.error : FAULT_RAW4(SYS_sendfile, to, from, from_at, size);
  if (n > 0) record_copied(&call, to, FAULT_RAW3(SYS_lseek, to, 0, SEEK_CUR) - n, n);
  fault_leave(&call);
  return answer(n);
}
SAME_AS(sendfile) ssize_t sendfile64(int, int, off64_t *, size_t);

/* ---- Sizes ----------------------------------------------------------------------------------------------------- */

HOOK int ftruncate(int fd, off_t size) {
  struct fault_call call;
  enter(&call, op_truncate, fd);
  const long result = call.error != 0 ? -call.error : FAULT_RAW2(SYS_ftruncate, fd, size);
  if (result == 0) fault_record(&call, record_truncate, (uint64_t)size, NULL, 0, 0);
  fault_leave(&call);
  return (int)answer(result);
}
HOOK int truncate(const char *path, off_t size) {
  struct fault_call call;
  fault_enter(&call, op_truncate, (struct fault_place){AT_FDCWD, path}, FAULT_NOWHERE);
  const long result = call.error != 0 ? -call.error : FAULT_RAW2(SYS_truncate, path, size);
  if (result == 0) fault_record(&call, record_truncate, (uint64_t)size, NULL, 0, 0);
  fault_leave(&call);
  return (int)answer(result);
}
SAME_AS(ftruncate) int ftruncate64(int, off_t);
SAME_AS(truncate) int truncate64(const char *, off_t);

static long allocate(int fd, int mode, off_t offset, off_t size) {
  struct fault_call call;
  enter(&call, op_fallocate, fd);
  const long result = call.error != 0 ? -call.error : FAULT_RAW4(SYS_fallocate, fd, mode, offset, size);
  if (result == 0 && call.is_watched && fault_is_recording()) {
    struct stat now;
    if (mode != 0 && mode != FALLOC_FL_KEEP_SIZE) fault_give_up("fallocate with holes cannot be recorded");
    /* More room changes nothing that can be read, but for the size. */
    if (mode == 0 && FAULT_RAW2(SYS_fstat, fd, &now) == 0)
      fault_record(&call, record_truncate, (uint64_t)now.st_size, NULL, 0, 0);
  }
  fault_leave(&call);
  return result;
}
HOOK int fallocate(int fd, int mode, off_t offset, off_t size) {
  return (int)answer(allocate(fd, mode, offset, size));
}
HOOK int posix_fallocate(int fd, off_t offset, off_t size) { return (int)-allocate(fd, 0, offset, size); }
SAME_AS(fallocate) int fallocate64(int, int, off_t, off_t);
SAME_AS(posix_fallocate) int posix_fallocate64(int, off_t, off_t);

/* ---- Syncing --------------------------------------------------------------------------------------------------- */

static int sync_file(enum fault_op op, long number, enum fault_record_kind kind, int fd) {
  struct fault_call call;
  enter(&call, op, fd);
  const long result = call.error != 0 ? -call.error : FAULT_RAW1(number, fd);
  if (result == 0) fault_record(&call, kind, 0, NULL, 0, 0);
  fault_leave(&call);
  return (int)answer(result);
}
HOOK int fsync(int fd) { return sync_file(op_fsync, SYS_fsync, record_fsync, fd); }
HOOK int fdatasync(int fd) { return sync_file(op_fdatasync, SYS_fdatasync, record_fdatasync, fd); }
HOOK int syncfs(int fd) { return sync_file(op_syncfs, SYS_syncfs, record_syncfs, fd); }

/* Promises nothing about metadata, so nothing after a power loss: it is counted and not recorded. */
HOOK int sync_file_range(int fd, off64_t offset, off64_t size, unsigned flags) {
  struct fault_call call;
  enter(&call, op_sync_file_range, fd);
  const long result = call.error != 0 ? -call.error : FAULT_RAW4(SYS_sync_file_range, fd, offset, size, flags);
  fault_leave(&call);
  return (int)answer(result);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The log of what was done to files, from which crash_states.py makes the disks that a power loss may leave. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim.h"

static int log_fd = -1;
static char log_path[PATH_MAX];

int fault_is_recording(void) { return log_path[0] != '\0'; }

/* High up, where a program that closes or counts its descriptors meets it last. */
static void open_log(void) {
  const long fd = FAULT_RAW4(SYS_openat, AT_FDCWD, log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd < 0) fault_give_up("the file of CALQUE_FAULT_RECORD cannot be opened");
  const long high = FAULT_RAW3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 800);
  if (high >= 0) FAULT_RAW1(SYS_close, fd);
  log_fd = (int)(high >= 0 ? high : fd);
}

void fault_record_to(const char *path) {
  if (strlen(path) >= sizeof(log_path)) fault_give_up("the path of CALQUE_FAULT_RECORD is too long");
  strcpy(log_path, path);
  open_log();
}

static void append(const struct iovec *parts, int count, uint64_t size) {
  for (int tries = 0; tries < 2; ++tries) {
    const long n = FAULT_RAW3(SYS_writev, log_fd, parts, count);
    if (n == (long)size) return;
    if (n == -EBADF) open_log(); /* the program has closed what it did not know */
  }
  fault_give_up("the log cannot be written");
}

void fault_record(const struct fault_call *call, enum fault_record_kind kind, uint64_t offset,
                  const struct iovec *parts, int count, uint64_t size) {
  enum { most_parts = 60 };
  if (!fault_is_recording() || !call->is_watched) return;
  const size_t path_size = call->path == NULL ? 0 : strlen(call->path);
  const size_t path2_size = call->path2 == NULL ? 0 : strlen(call->path2);
  uint64_t left = size;
  do {
    struct iovec all[3 + most_parts];
    uint64_t here = 0;
    int used = 3;
    /* What was written may end inside a part. */
    while (used < 3 + most_parts && count > 0 && here < left) {
      const uint64_t most = left - here;
      all[used].iov_base = parts->iov_base;
      all[used].iov_len = parts->iov_len < most ? parts->iov_len : (size_t)most;
      here += all[used++].iov_len;
      ++parts;
      --count;
    }
    struct fault_record head = {0x31465143,         (uint16_t)kind, 0, (uint32_t)FAULT_RAW1(SYS_getpid, 0),
                                (uint32_t)path_size, (uint32_t)path2_size, 0, call->inode, offset, here};
    all[0] = (struct iovec){&head, sizeof(head)};
    all[1] = (struct iovec){(void *)call->path, path_size};
    all[2] = (struct iovec){(void *)call->path2, path2_size};
    append(all, used, sizeof(head) + path_size + path2_size + here);
    offset += here;
    left -= here;
    if (here == 0) break;
  } while (left > 0);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of libfault.so share: the operations, the verdict on each, raw system calls and the recorder. */
#ifndef CALQUE_TESTS_FAULTS_SHIM_H
#define CALQUE_TESTS_FAULTS_SHIM_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#if !defined(__x86_64__)
#error "libfault.so makes its system calls itself and knows those of x86-64 only"
#endif

/* Names as in CALQUE_FAULT_OPS. */
#define FAULT_OPS(X)                                                                                              \
  X(open) X(write) X(fsync) X(fdatasync) X(syncfs) X(sync_file_range) X(rename) X(unlink) X(rmdir) X(mkdir)       \
  X(link) X(symlink) X(truncate) X(fallocate) X(mmap) X(memfd) X(fork) X(spawn)
enum fault_op {
#define FAULT_OP(name) op_##name,
  FAULT_OPS(FAULT_OP)
#undef FAULT_OP
  op_count
};

/* One call of the program that passes through a hook, from fault_enter to fault_leave. */
struct fault_call {
  enum fault_op op;
  int is_watched;          /* it concerns a path that counts */
  int error;               /* fail with this errno instead of doing it; 0: do it */
  int is_short;            /* of a write: do half */
  const char *path, *path2; /* absolute; valid until fault_leave */
  uint64_t inode;           /* for the recorder, where the call has a descriptor */
};

/* A path as the program named it: `name` relative to `folder`; or, where name is NULL, what `folder` is open on. */
struct fault_place {
  int folder;
  const char *name;
};
#define FAULT_NOWHERE ((struct fault_place){INT_MIN, NULL})

/* Counts the operation and says what is to become of it. Every enter has its leave. errno is kept. */
void fault_enter(struct fault_call *, enum fault_op, struct fault_place, struct fault_place);
void fault_leave(struct fault_call *);

/* Holds the recorder still, so that a child never inherits a lock that another thread holds. */
void fault_before_fork(void);
void fault_after_fork(void);

/* Seconds to be added to CLOCK_REALTIME. */
int64_t fault_clock_offset(void);

uint64_t fault_inode_of(int fd);
/* The path that a descriptor is open on, "" if it has none. `size` bytes at most, with the end. */
void fault_path_of(int fd, char *path, size_t size);

/* ---- The log of CALQUE_FAULT_RECORD --------------------------------------------------------------------------
 *
 * Records follow each other without gaps; all numbers little-endian. A record is this header, then path_size bytes of
 * path, path2_size bytes of the second path, and data_size bytes of data. Paths are absolute, without a NUL. One
 * writev with O_APPEND a record: an operation of one process that another has waited for stands before that one's. */
enum fault_record_kind {
  record_create = 1,     /* path: a regular file that was not there */
  record_write = 2,      /* offset, data */
  record_truncate = 3,   /* offset: the new size */
  record_fsync = 4,      /* of a file or a folder; also fdatasync of a folder */
  record_fdatasync = 5,
  record_rename = 6,     /* path → path2; offset: the flags of renameat2 */
  record_link = 7,       /* path → path2 */
  record_unlink = 8,
  record_mkdir = 9,
  record_rmdir = 10,
  record_symlink = 11,   /* path; data: the target */
  record_syncfs = 12,    /* path: a place on the file system */
  record_tmpfile = 13,   /* path: as /proc shows it, "/folder/#17 (deleted)" */
  record_map_shared = 14 /* the file may change unseen from here on: no crash states can be made */
};
struct fault_record {
  uint32_t magic; /* 0x31465143: "CQF1" */
  uint16_t kind, reserved;
  uint32_t pid, path_size, path2_size, reserved2;
  uint64_t inode; /* of an open file that was created, written, cut or synced: its name may be gone; else 0 */
  uint64_t offset, data_size;
};

/* Appends a record; nothing where there is no log or the call is not watched. The data is `size` bytes in `parts`. */
void fault_record(const struct fault_call *, enum fault_record_kind, uint64_t offset, const struct iovec *parts,
                  int count, uint64_t size);
int fault_is_recording(void);
/* Opens the log, and tells the recorder that there is one. */
void fault_record_to(const char *path);

/* ---- System calls that no hook sees ---------------------------------------------------------------------------- */

static inline long fault_raw(long number, long a, long b, long c, long d, long e, long f) {
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}
#define FAULT_RAW1(n, a) fault_raw(n, (long)(a), 0, 0, 0, 0, 0)
#define FAULT_RAW2(n, a, b) fault_raw(n, (long)(a), (long)(b), 0, 0, 0, 0)
#define FAULT_RAW3(n, a, b, c) fault_raw(n, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define FAULT_RAW4(n, a, b, c, d) fault_raw(n, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define FAULT_RAW5(n, a, b, c, d, e) fault_raw(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)
#define FAULT_RAW6(n, a, b, c, d, e, f) fault_raw(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

/* Ends the test with a word on stderr: an instrument that cannot do its work must not look like one that found nothing. */
void fault_give_up(const char *why) __attribute__((noreturn));

#endif

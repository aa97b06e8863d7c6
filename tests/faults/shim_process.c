/* SPDX-License-Identifier: Apache-2.0 */
/* The hooks of libfault.so on memory, processes, the clock, and system calls made by number. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <spawn.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "shim.h"

#define HOOK __attribute__((visibility("default")))
#define SAME_AS(name) __attribute__((visibility("default"), alias(#name)))

long fault_openat2(int folder, const char *name, const struct open_how *how);
long fault_renameat2(int old_folder, const char *old_name, int folder, const char *name, unsigned flags);

typedef int spawn_function(pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
                           char *const[], char *const[]);
static pid_t (*real_fork)(void);
static int (*real_clock_gettime)(clockid_t, struct timespec *);
static spawn_function *real_spawn, *real_spawnp;

/* ISO C has no conversion from what dlsym gives to a function. */
static void find(const char *name, void *function) {
  void *const found = dlsym(RTLD_NEXT, name);
  memcpy(function, &found, sizeof(found));
}
__attribute__((constructor(101))) static void find_real(void) {
  find("fork", &real_fork);
  find("clock_gettime", &real_clock_gettime);
  find("posix_spawn", &real_spawn);
  find("posix_spawnp", &real_spawnp);
}

static long answer(long result) {
  if (result >= 0 || result < -4095) return result;
  errno = (int)-result;
  return -1;
}

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

HOOK void *mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset) {
  const struct fault_place place = (flags & MAP_ANONYMOUS) != 0 ? FAULT_NOWHERE : (struct fault_place){fd, NULL};
  struct fault_call call;
  fault_enter(&call, op_mmap, place, FAULT_NOWHERE);
  const long result =
      call.error != 0 ? -call.error : FAULT_RAW6(SYS_mmap, address, size, protection, flags, fd, offset);
  const int is_shared = (flags & MAP_TYPE) != MAP_PRIVATE && (protection & PROT_WRITE) != 0;
  if (is_shared && call.path != NULL && answer(result) != -1) fault_record(&call, record_map_shared, 0, NULL, 0, 0);
  fault_leave(&call);
  return (void *)answer(result);
}
SAME_AS(mmap) void *mmap64(void *, size_t, int, int, int, off_t);

HOOK int memfd_create(const char *name, unsigned flags) {
  struct fault_call call;
  fault_enter(&call, op_memfd, FAULT_NOWHERE, FAULT_NOWHERE);
  const long result = call.error != 0 ? -call.error : FAULT_RAW2(SYS_memfd_create, name, flags);
  fault_leave(&call);
  return (int)answer(result);
}

/* ---- Processes --------------------------------------------------------------------------------------------------- */

static int refuse(enum fault_op op) {
  struct fault_call call;
  fault_enter(&call, op, FAULT_NOWHERE, FAULT_NOWHERE);
  fault_leave(&call);
  return call.error;
}

HOOK pid_t fork(void) {
  const int error = refuse(op_fork);
  if (error != 0) {
    errno = error;
    return -1;
  }
  fault_before_fork();
  const pid_t child = real_fork();
  fault_after_fork();
  return child;
}
/* A function cannot stand between vfork and its caller: the child returns through its frame first. */
HOOK pid_t vfork(void) { return fork(); }

HOOK int posix_spawn(pid_t *child, const char *path, const posix_spawn_file_actions_t *actions,
                     const posix_spawnattr_t *attributes, char *const argv[], char *const envp[]) {
  const int error = refuse(op_spawn);
  return error != 0 ? error : real_spawn(child, path, actions, attributes, argv, envp);
}
HOOK int posix_spawnp(pid_t *child, const char *name, const posix_spawn_file_actions_t *actions,
                      const posix_spawnattr_t *attributes, char *const argv[], char *const envp[]) {
  const int error = refuse(op_spawn);
  return error != 0 ? error : real_spawnp(child, name, actions, attributes, argv, envp);
}

/* ---- The clock --------------------------------------------------------------------------------------------------- */

HOOK int clock_gettime(clockid_t clock, struct timespec *time) {
  const int result = real_clock_gettime != NULL ? real_clock_gettime(clock, time)
                                                : (int)answer(FAULT_RAW2(SYS_clock_gettime, clock, time));
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    time->tv_sec += fault_clock_offset();
  return result;
}
HOOK int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  (void)zone;
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  *time = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
  return 0;
}
HOOK time_t time(time_t *kept) {
  struct timespec now = {0, 0};
  clock_gettime(CLOCK_REALTIME, &now);
  if (kept != NULL) *kept = now.tv_sec;
  return now.tv_sec;
}

/* ---- By number: what glibc 2.36 has no function for -------------------------------------------------------------- */

HOOK long syscall(long number, ...) {
  long a[6];
  va_list rest;
  va_start(rest, number);
  for (int k = 0; k < 6; ++k) a[k] = va_arg(rest, long);
  va_end(rest);
  switch (number) {
    case SYS_openat2:
      return answer(fault_openat2((int)a[0], (const char *)a[1], (const struct open_how *)a[2]));
    case SYS_renameat2:
      return answer(fault_renameat2((int)a[0], (const char *)a[1], (int)a[2], (const char *)a[3], (unsigned)a[4]));
    default:
      return answer(fault_raw(number, a[0], a[1], a[2], a[3], a[4], a[5]));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What libfault.so is to do, from the environment; and the verdict on each operation. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim.h"

/* CALQUE_FAULT_AT=k          the k-th point that counts, from 1; 0 or nothing: none
 * CALQUE_FAULT_ACTION=…      kill (SIGKILL before the operation), short (half a write), or the name of an errno
 * CALQUE_FAULT_MODE=…        once, or forever: from the k-th on
 * CALQUE_FAULT_PATH=PREFIX   only what concerns paths below
 * CALQUE_FAULT_OPS=a,b       only these; operations without a path (memfd, fork, spawn, mmap of no file) count only
 *                            when they are named
 * CALQUE_FAULT_COUNT=FILE    the points passed, eight bytes, little-endian, in a mapping that all processes share
 * CALQUE_FAULT_PROCESS=…     coordinator, worker (argv[1] is __worker) or all
 * CALQUE_FAULT_RECORD=FILE   a log of what was done below PREFIX
 * CALQUE_CLOCK_OFFSET=…      seconds, or "back": a second further back at each look; CLOCK_REALTIME only */

static int is_on, is_forever, is_counting, is_going_back;
static uint64_t at;
static enum { act_nothing, act_kill, act_short, act_errno } action;
static int action_errno;
static char prefix[PATH_MAX];
static size_t prefix_size;
static uint32_t ops = ~0u, named_ops;
static int64_t clock_offset;
static _Atomic uint64_t own_counter;
static _Atomic uint64_t *counter = &own_counter;
static _Atomic uint64_t looks_at_clock;

/* Held from enter to leave while there is a log, so that the log has the order of what was done. */
static atomic_flag lock = ATOMIC_FLAG_INIT;
/* A signal handler or a hook inside a hook passes through. */
static __thread int is_inside __attribute__((tls_model("initial-exec")));
static __thread char paths[2][PATH_MAX] __attribute__((tls_model("initial-exec")));

void fault_give_up(const char *why) {
  static const char who[] = "libfault.so: ";
  FAULT_RAW3(SYS_write, 2, who, sizeof(who) - 1);
  FAULT_RAW3(SYS_write, 2, why, strlen(why));
  FAULT_RAW3(SYS_write, 2, "\n", 1);
  FAULT_RAW1(SYS_exit_group, 99);
  __builtin_unreachable();
}

static void lock_log(void) {
  while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire)) FAULT_RAW1(SYS_sched_yield, 0);
}
static void unlock_log(void) { atomic_flag_clear_explicit(&lock, memory_order_release); }

void fault_before_fork(void) {
  if (fault_is_recording()) lock_log();
}
void fault_after_fork(void) {
  if (fault_is_recording()) unlock_log();
}

/* ---- Paths --------------------------------------------------------------------------------------------------- */

void fault_path_of(int fd, char *path, size_t size) {
  static const char start[] = "/proc/self/fd/";
  char name[sizeof(start) + 12], digits[12];
  int count = 0;
  memcpy(name, start, sizeof(start));
  if (fd < 0) fd = 0;
  do digits[count++] = (char)('0' + fd % 10);
  while ((fd /= 10) > 0);
  for (int k = 0; k < count; ++k) name[sizeof(start) - 1 + k] = digits[count - 1 - k];
  name[sizeof(start) - 1 + count] = '\0';
  const long n = FAULT_RAW3(SYS_readlink, name, path, size - 1);
  path[n > 0 ? n : 0] = '\0';
}

uint64_t fault_inode_of(int fd) {
  struct stat info;
  return FAULT_RAW2(SYS_fstat, fd, &info) == 0 ? info.st_ino : 0;
}

/* Takes "//" and "/./" out, and a "/" from the end, so that prefixes can be compared. */
static void tidy(char *path) {
  char *to = path;
  for (const char *from = path; *from != '\0';) {
    if (from[0] == '/' && (from[1] == '/' || (from[1] == '.' && (from[2] == '/' || from[2] == '\0'))))
      from += from[1] == '/' ? 1 : 2;
    else
      *to++ = *from++;
  }
  while (to > path + 1 && to[-1] == '/') --to;
  *to = '\0';
}

static const char *resolve(struct fault_place place, char *path) {
  path[0] = '\0';
  if (place.folder == INT_MIN) return NULL;
  const char *name = place.name;
  if (name == NULL || name[0] == '\0') {
    if (place.folder >= 0) fault_path_of(place.folder, path, PATH_MAX);
    return path;
  }
  size_t used = 0;
  if (name[0] != '/') {
    if (place.folder == AT_FDCWD)
      FAULT_RAW2(SYS_getcwd, path, PATH_MAX);
    else
      fault_path_of(place.folder, path, PATH_MAX);
    used = strlen(path);
    if (used + 2 < PATH_MAX) path[used++] = '/';
  }
  const size_t size = strlen(name);
  if (used + size >= PATH_MAX) return path;
  memcpy(path + used, name, size + 1);
  if (strncmp(path, "/proc/self/fd/", 14) == 0) fault_path_of(atoi(path + 14), path, PATH_MAX);
  tidy(path);
  return path;
}

static int counts(const char *path) {
  if (path == NULL || path[0] != '/') return 0;
  return prefix_size == 0 ||
         (strncmp(path, prefix, prefix_size) == 0 && (path[prefix_size] == '/' || path[prefix_size] == '\0'));
}

/* ---- The verdict --------------------------------------------------------------------------------------------- */

void fault_enter(struct fault_call *call, enum fault_op op, struct fault_place one, struct fault_place two) {
  *call = (struct fault_call){op, 0, 0, 0, NULL, NULL, 0};
  if (!is_on || is_inside) return;
  const int kept = errno;
  is_inside = 1;
  call->path = resolve(one, paths[0]);
  call->path2 = resolve(two, paths[1]);
  const int has_path = counts(call->path) || counts(call->path2);
  const int is_pathless = call->path == NULL && (named_ops & 1u << op) != 0;
  if (!has_path && !is_pathless) {
    is_inside = 0;
    errno = kept;
    return;
  }
  call->is_watched = 1;
  if (fault_is_recording()) lock_log();
  if (is_counting && (ops & 1u << op) != 0) {
    const uint64_t k = atomic_fetch_add(counter, 1) + 1;
    if (at != 0 && (k == at || (is_forever && k > at))) {
      if (action == act_kill) {
        FAULT_RAW2(SYS_kill, FAULT_RAW1(SYS_getpid, 0), SIGKILL);
        for (;;) FAULT_RAW1(SYS_sched_yield, 0); /* other threads may still run a moment; this one does nothing more */
      }
      if (action == act_errno) call->error = action_errno;
      if (action == act_short) call->is_short = 1;
    }
  }
  errno = kept;
}

void fault_leave(struct fault_call *call) {
  if (!call->is_watched) return;
  if (fault_is_recording()) unlock_log();
  is_inside = 0;
}

int64_t fault_clock_offset(void) {
  if (is_going_back) return -(int64_t)atomic_fetch_add(&looks_at_clock, 1);
  return clock_offset;
}

/* ---- The environment ----------------------------------------------------------------------------------------- */

static const struct {
  const char *name;
  int number;
} errors[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO},       {"EDQUOT", EDQUOT}, {"EROFS", EROFS}, {"EMFILE", EMFILE},
              {"ENFILE", ENFILE}, {"EINTR", EINTR},   {"EACCES", EACCES}, {"EPERM", EPERM}, {"EAGAIN", EAGAIN},
              {"ENOMEM", ENOMEM}, {"ENOENT", ENOENT}, {"EFBIG", EFBIG},   {"EXDEV", EXDEV}, {"ENOSYS", ENOSYS}};

static void read_action(const char *word) {
  if (word == NULL) return;
  if (strcmp(word, "kill") == 0) action = act_kill;
  if (strcmp(word, "short") == 0) action = act_short;
  for (size_t k = 0; k < sizeof(errors) / sizeof(errors[0]); ++k)
    if (strcmp(word, errors[k].name) == 0) {
      action = act_errno;
      action_errno = errors[k].number;
    }
  if (action == act_nothing) fault_give_up("CALQUE_FAULT_ACTION is not one that it knows");
}

static void read_ops(const char *list) {
  static const char *const names[] = {
#define FAULT_OP(name) #name,
      FAULT_OPS(FAULT_OP)
#undef FAULT_OP
  };
  if (list == NULL || list[0] == '\0') return;
  for (const char *word = list; *word != '\0';) {
    const size_t size = strcspn(word, ",");
    int k = 0;
    while (k < op_count && (strlen(names[k]) != size || strncmp(names[k], word, size) != 0)) ++k;
    if (k == op_count) fault_give_up("CALQUE_FAULT_OPS has a word that it does not know");
    named_ops |= 1u << k;
    word += size + (word[size] == ',');
  }
  ops = named_ops;
}

static void share_counter(const char *path) {
  if (path == NULL || path[0] == '\0') return;
  const long fd = FAULT_RAW4(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0 || FAULT_RAW2(SYS_ftruncate, fd, sizeof(uint64_t)) < 0)
    fault_give_up("the file of CALQUE_FAULT_COUNT cannot be made");
  const long page = FAULT_RAW6(SYS_mmap, 0, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (page < 0 && page > -4096) fault_give_up("the file of CALQUE_FAULT_COUNT cannot be mapped");
  counter = (_Atomic uint64_t *)page;
  FAULT_RAW1(SYS_close, fd);
}

/* The program's children that only describe a plugin are neither. */
static int is_meant(const char *word, int argc, char **argv) {
  if (word == NULL || strcmp(word, "all") == 0) return 1;
  const char *verb = argc > 1 ? argv[1] : "";
  if (strcmp(word, "worker") == 0) return strcmp(verb, "__worker") == 0;
  if (strcmp(word, "coordinator") == 0) return strncmp(verb, "__", 2) != 0;
  fault_give_up("CALQUE_FAULT_PROCESS is coordinator, worker or all");
}

__attribute__((constructor)) static void start(int argc, char **argv) {
  const char *offset = getenv("CALQUE_CLOCK_OFFSET");
  if (offset != NULL) {
    is_going_back = strcmp(offset, "back") == 0;
    clock_offset = atoll(offset);
  }
  const char *point = getenv("CALQUE_FAULT_AT"), *count = getenv("CALQUE_FAULT_COUNT");
  const char *record = getenv("CALQUE_FAULT_RECORD"), *path = getenv("CALQUE_FAULT_PATH");
  if (point == NULL && count == NULL && record == NULL) return;
  if (!is_meant(getenv("CALQUE_FAULT_PROCESS"), argc, argv)) return;
  if (path != NULL && strlen(path) < sizeof(prefix)) {
    strcpy(prefix, path);
    tidy(prefix);
    prefix_size = strlen(prefix);
  }
  const char *mode = getenv("CALQUE_FAULT_MODE");
  is_forever = mode != NULL && strcmp(mode, "forever") == 0;
  read_action(getenv("CALQUE_FAULT_ACTION"));
  read_ops(getenv("CALQUE_FAULT_OPS"));
  at = point == NULL ? 0 : strtoull(point, NULL, 10);
  is_counting = point != NULL || count != NULL;
  share_counter(count);
  if (record != NULL) {
    if (prefix_size == 0) fault_give_up("CALQUE_FAULT_RECORD needs CALQUE_FAULT_PATH");
    fault_record_to(record);
  }
  is_on = 1;
}

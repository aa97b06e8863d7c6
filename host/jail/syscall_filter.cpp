// SPDX-License-Identifier: Apache-2.0
// The lists of calls, and how they become filters by libseccomp.
#include "host/jail/syscall_filter.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

#include "host/system/bytes_io.hpp"

namespace calque::host {
namespace {

constexpr int allowed[] = {
    // Files by descriptor. Which files can be opened at all is Landlock's part.
    SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(readv), SCMP_SYS(preadv), SCMP_SYS(preadv2), SCMP_SYS(write),
    SCMP_SYS(pwrite64), SCMP_SYS(writev), SCMP_SYS(pwritev), SCMP_SYS(pwritev2), SCMP_SYS(lseek), SCMP_SYS(close),
    SCMP_SYS(close_range), SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(dup3), SCMP_SYS(fsync), SCMP_SYS(fdatasync),
    SCMP_SYS(ftruncate), SCMP_SYS(fallocate), SCMP_SYS(fadvise64), SCMP_SYS(flock), SCMP_SYS(sendfile),
    SCMP_SYS(copy_file_range), SCMP_SYS(getdents64), SCMP_SYS(fstatfs), SCMP_SYS(memfd_create), SCMP_SYS(pipe),
    SCMP_SYS(pipe2), SCMP_SYS(eventfd2),
    // Files by name. What a file is called and how big it is can be asked of any; no system call filter can tell.
    SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(statfs),
    SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
    SCMP_SYS(getcwd), SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(rmdir), SCMP_SYS(rename), SCMP_SYS(renameat),
    // Memory.
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(msync), SCMP_SYS(mincore), SCMP_SYS(membarrier),
    // Threads, waiting, signals to itself.
    SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(set_tid_address), SCMP_SYS(rseq), SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_getparam), SCMP_SYS(sched_getscheduler),
    SCMP_SYS(sched_get_priority_max), SCMP_SYS(sched_get_priority_min), SCMP_SYS(poll), SCMP_SYS(ppoll),
    SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(epoll_create1), SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_pwait2), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigpending), SCMP_SYS(rt_sigtimedwait), SCMP_SYS(rt_sigsuspend),
    SCMP_SYS(sigaltstack), SCMP_SYS(pause), SCMP_SYS(wait4), SCMP_SYS(waitid), SCMP_SYS(restart_syscall),
    SCMP_SYS(exit), SCMP_SYS(exit_group),
    // Messages on the one socket that a worker has.
    SCMP_SYS(sendmsg), SCMP_SYS(recvmsg), SCMP_SYS(recvfrom),
    // Time.
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(times), SCMP_SYS(alarm), SCMP_SYS(setitimer), SCMP_SYS(getitimer),
    SCMP_SYS(timer_create), SCMP_SYS(timer_settime), SCMP_SYS(timer_gettime), SCMP_SYS(timer_getoverrun),
    SCMP_SYS(timer_delete), SCMP_SYS(timerfd_create), SCMP_SYS(timerfd_settime), SCMP_SYS(timerfd_gettime),
    // Who and where it is.
    SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getppid), SCMP_SYS(getpgrp), SCMP_SYS(getpgid), SCMP_SYS(getsid),
    SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(getresuid), SCMP_SYS(getresgid),
    SCMP_SYS(getgroups), SCMP_SYS(getcpu), SCMP_SYS(getrandom), SCMP_SYS(getrlimit), SCMP_SYS(getrusage),
    SCMP_SYS(sysinfo), SCMP_SYS(uname)};

/// Nothing that a plugin or a library of one does by mistake: the coordinator can call it a violation.
constexpr int deadly[] = {SCMP_SYS(execve),
                          SCMP_SYS(execveat),
                          SCMP_SYS(ptrace),
                          SCMP_SYS(process_vm_readv),
                          SCMP_SYS(process_vm_writev),
                          SCMP_SYS(bpf),
                          SCMP_SYS(perf_event_open),
                          SCMP_SYS(userfaultfd),
                          SCMP_SYS(io_uring_setup),
                          SCMP_SYS(io_uring_enter),
                          SCMP_SYS(io_uring_register),
                          SCMP_SYS(mount),
                          SCMP_SYS(umount2),
                          SCMP_SYS(pivot_root),
                          SCMP_SYS(open_tree),
                          SCMP_SYS(move_mount),
                          SCMP_SYS(fsopen),
                          SCMP_SYS(fsconfig),
                          SCMP_SYS(fsmount),
                          SCMP_SYS(fspick),
                          SCMP_SYS(mount_setattr),
                          SCMP_SYS(setns),
                          SCMP_SYS(kexec_load),
                          SCMP_SYS(kexec_file_load),
                          SCMP_SYS(init_module),
                          SCMP_SYS(finit_module),
                          SCMP_SYS(delete_module),
                          SCMP_SYS(reboot),
                          SCMP_SYS(swapon),
                          SCMP_SYS(swapoff),
                          SCMP_SYS(iopl),
                          SCMP_SYS(ioperm)};

constexpr unsigned tsync_esrch = 1U << 4;  // of Linux 5.7: ESRCH when a thread cannot take it

/// Stands in a compiled filter for the number of the process that takes it; no process has this one.
constexpr std::uint32_t own_process = 0x7fff'fffe;

/// Their arguments lie in memory, where a filter cannot look; glibc then tries the older call.
constexpr int unknown[] = {SCMP_SYS(clone3), SCMP_SYS(openat2)};

// The whole of an argument that the kernel takes as an int: its upper half may hold anything.
scmp_arg_cmp is_int(unsigned argument, std::uint64_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, 0xffff'ffff, value & 0xffff'ffff};
}
scmp_arg_cmp is_null(unsigned argument) {
  return {argument, SCMP_CMP_EQ, 0, 0};
}
scmp_arg_cmp is_masked(unsigned argument, std::uint64_t mask, std::uint64_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}

/// Collects rules; the first that libseccomp refuses is remembered.
class filter {
 public:
  explicit filter(std::uint32_t otherwise) : context_(seccomp_init(otherwise)) {
    if (context_ == nullptr) failed_ = -ENOMEM;
    // Calls of another architecture (32-bit, x32) have other numbers: the lists would not hold for them.
    set(SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    set(SCMP_FLTATR_CTL_OPTIMIZE, 2);
  }
  filter(const filter &) = delete;
  filter &operator=(const filter &) = delete;
  ~filter() { seccomp_release(context_); }

  void add(std::uint32_t action, int call, std::initializer_list<scmp_arg_cmp> when = {}) {
    if (failed_ == 0)
      failed_ = seccomp_rule_add_array(context_, action, call, static_cast<unsigned>(when.size()), when.begin());
  }
  void allow(int call, std::initializer_list<scmp_arg_cmp> when = {}) { add(SCMP_ACT_ALLOW, call, when); }

  /// The instructions, as bytes.
  result<std::string> compile() {
    const descriptor file(memfd_create("calque-filter", MFD_CLOEXEC));
    if (failed_ == 0) failed_ = file ? seccomp_export_bpf(context_, *file) : -errno;
    struct stat info {};
    if (failed_ == 0 && fstat(*file, &info) != 0) failed_ = -errno;
    std::optional<std::string> program;
    if (failed_ == 0) program = read_at(*file, 0, static_cast<std::size_t>(info.st_size));
    if (program && !program->empty()) return std::move(*program);
    return error("jail.failed", fmt::format("the filter of system calls cannot be made: {}", std::strerror(failed_ < 0 ? -failed_ : EIO)));
  }

 private:
  void set(scmp_filter_attr attribute, std::uint32_t value) {
    if (failed_ == 0) failed_ = seccomp_attr_set(context_, attribute, value);
  }

  scmp_filter_ctx context_;
  int failed_ = 0;
};

/// `flags` and `mode` are the numbers of those arguments. Landlock sees what an open file can be read or written by;
/// before ABI 3 it does not see O_TRUNC, so that goes with writing only. The access mode 3 asks for neither right and
/// would pass Landlock. No file is made with a set-user-id bit: the coordinator publishes it.
void allow_opening(filter &rules, int call, unsigned flags, unsigned mode) {
  rules.allow(call, {is_masked(flags, O_ACCMODE | O_TRUNC | O_CREAT, O_RDONLY)});
  for (const std::uint64_t access : {O_WRONLY, O_RDWR}) {
    rules.allow(call, {is_masked(flags, O_ACCMODE | O_CREAT, access)});
    rules.allow(call, {is_masked(flags, O_ACCMODE | O_CREAT, access | O_CREAT), is_masked(mode, 07000, 0)});
  }
}

void allow_by_argument(filter &rules) {
  allow_opening(rules, SCMP_SYS(open), 1, 2);
  allow_opening(rules, SCMP_SYS(openat), 2, 3);
  rules.allow(SCMP_SYS(creat), {is_masked(1, 07000, 0)});
  rules.allow(SCMP_SYS(mkdir), {is_masked(1, 07000, 0)});
  rules.allow(SCMP_SYS(mkdirat), {is_masked(2, 07000, 0)});
  rules.allow(SCMP_SYS(renameat2), {is_masked(4, 0xffff'fffe, 0)});  // nothing, or RENAME_NOREPLACE

  // No F_SETOWN, which sends signals to others, no leases and no notices.
  for (const int command : {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK, F_SETLKW,
                            F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW, F_ADD_SEALS, F_GET_SEALS})
    rules.allow(SCMP_SYS(fcntl), {is_int(1, static_cast<std::uint64_t>(command))});
  // As isatty and the like ask.
  for (const unsigned long request : {static_cast<unsigned long>(FIONREAD), static_cast<unsigned long>(TCGETS),
                                      static_cast<unsigned long>(TIOCGWINSZ)})
    rules.allow(SCMP_SYS(ioctl), {is_int(1, request)});

  // From 100 on advice breaks pages of the machine's memory (MADV_HWPOISON).
  rules.allow(SCMP_SYS(madvise), {{2, SCMP_CMP_LT, 100, 0}});
  rules.allow(SCMP_SYS(sendto), {is_null(4)});                   // send(): to whom the socket is connected
  rules.allow(SCMP_SYS(prlimit64), {is_null(2), is_int(0, 0)});  // reading its own
  rules.allow(SCMP_SYS(prctl), {is_int(0, PR_SET_NAME)});
  rules.allow(SCMP_SYS(prctl), {is_int(0, PR_GET_NAME)});

  constexpr std::uint64_t thread = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
  constexpr std::uint64_t of_no_account =
      CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | CLONE_DETACHED;
  rules.allow(SCMP_SYS(clone), {is_masked(0, ~of_no_account, thread)});

  // abort() and raise() send by these.
  for (const int call : {SCMP_SYS(kill), SCMP_SYS(tgkill)}) rules.allow(call, {is_int(0, own_process)});
}

result<std::string> compile_list() {
  filter rules(SCMP_ACT_ERRNO(EPERM));
  for (const int call : allowed) rules.allow(call);
  allow_by_argument(rules);
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) rules.allow(call);
  // The second step. A filter can only take away; it needs no listener.
  constexpr std::uint64_t to_all_threads = SECCOMP_FILTER_FLAG_TSYNC | tsync_esrch;
  rules.allow(SCMP_SYS(seccomp), {is_int(0, SECCOMP_SET_MODE_FILTER), is_masked(1, ~to_all_threads, 0)});
  for (const int call : unknown) rules.add(SCMP_ACT_ERRNO(ENOSYS), call);
  for (const int call : deadly) rules.add(SCMP_ACT_KILL_PROCESS, call);
  return rules.compile();
}

result<std::string> compile_no_new_code() {
  filter rules(SCMP_ACT_ALLOW);  // on top of the list above: the stricter of two filters counts
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)})
    rules.add(SCMP_ACT_ERRNO(EPERM), call, {is_masked(2, PROT_EXEC, PROT_EXEC)});
  rules.add(SCMP_ACT_ERRNO(EPERM), SCMP_SYS(seccomp));
  return rules.compile();
}

/// For all threads: a plugin may have started some by now. no_new_privs is set already, and cannot be asked for in the
/// jail. `names_process`: the filter speaks of the process that takes it.
result<void> take(const std::string &program, bool names_process) {
  std::vector<sock_filter> code(program.size() / sizeof(sock_filter));
  if (code.empty() || code.size() * sizeof(sock_filter) != program.size() || code.size() > BPF_MAXINSNS)
    return error("jail.failed", "the filter of system calls is none");
  std::memcpy(code.data(), program.data(), program.size());
  bool is_named = false;
  for (sock_filter &one : code)
    if (one.code == (BPF_JMP | BPF_JEQ | BPF_K) && one.k == own_process) {
      one.k = static_cast<std::uint32_t>(getpid());
      is_named = true;
    }
  if (is_named != names_process) return error("jail.failed", "the filter of system calls does not know its process");
  const sock_fprog whole{static_cast<unsigned short>(code.size()), code.data()};
  const long failed = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC | tsync_esrch, &whole);
  if (failed == 0) return {};
  return error("jail.failed", fmt::format("the filter of system calls was not taken: {}", std::strerror(failed < 0 ? errno : ESRCH)));
}

}  // namespace

bool has_syscall_filters() {
  const std::uint32_t action = SECCOMP_RET_KILL_PROCESS;
  return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

result<call_filters> compile_call_filters() {
  auto listed = compile_list();
  if (!listed) return listed.errors();
  auto no_new_code = compile_no_new_code();
  if (!no_new_code) return no_new_code.errors();
  return call_filters{std::move(*listed), std::move(*no_new_code)};
}

result<void> allow_listed_calls(const call_filters &filters) {
  return take(filters.listed, true);  // in kill and tgkill
}

result<void> forbid_new_code(const call_filters &filters) {
  return take(filters.no_new_code, false);
}

}  // namespace calque::host

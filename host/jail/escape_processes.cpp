// SPDX-License-Identifier: Apache-2.0
// Attempts on processes: to start one, to reach the parent, to change what the process itself is bound by.
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <vector>

#include "host/jail/escapes.hpp"

namespace calque::host {
namespace {

/// After a call that may have made a child, in both processes.
escape_outcome made_child(long child) {
  const int error = errno;
  if (child == 0) _exit(0);
  if (child > 0) waitpid(static_cast<pid_t>(child), nullptr, __WALL);
  errno = error;
  return judge(child, "a process was started", {ENOSYS});
}

/// When execution works, the program that is executed says so.
constexpr const char *echo = "/bin/echo";
std::array<char *, 3> echo_arguments() {
  static char name[] = "echo", word[] = "\ncalque-escape unsafe another program was executed";
  return {name, word, nullptr};
}
char *no_environment[] = {nullptr};

/// On the parent's memory: its page 0 is never mapped, so EFAULT says that access was granted.
escape_outcome reached_memory(long returned) {
  if (returned == -1 && errno == EFAULT) returned = 0;
  return judge(returned, "access to the parent's memory was granted");
}

constexpr escape escapes[] = {
    {"fork", "start a process (fork)", false,
     [](const escape_ground &) -> escape_attempt { return [] { return made_child(fork()); }; }},
    {"clone", "start a process (clone, as vfork does)", false,
     [](const escape_ground &) -> escape_attempt {
       return [] { return made_child(syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr)); };
     }},
    {"clone3", "start a process (clone3)", false,
     [](const escape_ground &) -> escape_attempt {
       return [] {
         clone_args how{};
         how.exit_signal = SIGCHLD;
         return made_child(syscall(SYS_clone3, &how, sizeof how));
       };
     }},
    {"execve", "execute another program", false,
     [](const escape_ground &) -> escape_attempt {
       return [] { return judge(execve(echo, echo_arguments().data(), no_environment), ""); };
     }},
    {"execveat-memory", "execute a program that lies in memory (memfd)", false,
     [](const escape_ground &) -> escape_attempt {
       const int program = open(echo, O_RDONLY | O_CLOEXEC), memory = memfd_create("program", MFD_CLOEXEC);
       std::vector<char> bytes(1 << 20);
       const ssize_t got = read(program, bytes.data(), bytes.size());
       if (got <= 0 || write(memory, bytes.data(), static_cast<std::size_t>(got)) != got) throw judge(-1, "");
       close(program);
       return [memory] {
         return judge(syscall(SYS_execveat, memory, "", echo_arguments().data(), no_environment, AT_EMPTY_PATH), "");
       };
     }},
    {"signal-parent", "send the parent a signal", false,
     [](const escape_ground &) -> escape_attempt {
       return [] { return judge(kill(getppid(), SIGCONT), "it was sent"); };
     }},
    {"signal-by-tgkill", "send a thread of the parent a signal", false,
     [](const escape_ground &) -> escape_attempt {
       return [] { return judge(syscall(SYS_tgkill, getppid(), getppid(), SIGCONT), "it was sent"); };
     }},
    {"signal-by-file", "have a file send the parent signals (F_SETOWN)", false,
     [](const escape_ground &) -> escape_attempt {
       int ends[2];
       if (pipe2(ends, O_CLOEXEC) != 0) throw judge(-1, "");
       return [reader = ends[0]] {
         return judge(fcntl(reader, F_SETOWN, getppid()), "the file took the parent as its owner");
       };
     }},
    {"ptrace", "trace the parent", false,
     [](const escape_ground &) -> escape_attempt {
       return [] { return judge(ptrace(PTRACE_SEIZE, getppid(), nullptr, nullptr), "the parent is traced"); };
     }},
    {"read-memory", "read the parent's memory (process_vm_readv)", false,
     [](const escape_ground &) -> escape_attempt {
       return [] {
         char byte = 0;
         const iovec here{&byte, 1}, there{nullptr, 1};
         return reached_memory(process_vm_readv(getppid(), &here, 1, &there, 1, 0));
       };
     }},
    {"write-memory", "write the parent's memory (process_vm_writev)", false,
     [](const escape_ground &) -> escape_attempt {
       return [] {
         char byte = 0;
         const iovec here{&byte, 1}, there{nullptr, 1};
         return reached_memory(process_vm_writev(getppid(), &here, 1, &there, 1, 0));
       };
     }},
    {"open-memory", "open the parent's memory (/proc/PID/mem)", false,
     [](const escape_ground &) -> escape_attempt {
       return [] {
         return judge(open(fmt::format("/proc/{}/mem", getppid()).c_str(), O_RDWR | O_CLOEXEC), "it was opened");
       };
     }},
    {"take-descriptor", "take an open file of the parent (pidfd_getfd)", false,
     [](const escape_ground &) -> escape_attempt {
       return [] {
         const long parent = syscall(SYS_pidfd_open, getppid(), 0);
         return judge(parent < 0 ? -1 : syscall(SYS_pidfd_getfd, parent, 1, 0), "it was taken");
       };
     }},
    {"limit-parent", "set a limit of the parent (prlimit)", false,
     [](const escape_ground &) -> escape_attempt {
       return [] {
         rlimit now{};
         if (prlimit(getppid(), RLIMIT_CORE, nullptr, &now) != 0) return judge(-1, "");
         return judge(prlimit(getppid(), RLIMIT_CORE, &now, nullptr), "it was set");
       };
     }},
    {"raise-limit", "raise its own limits", false,
     [](const escape_ground &) -> escape_attempt {
       rlimit now{};  // below the hard limit, so that without a jail anyone may raise it
       getrlimit(RLIMIT_NOFILE, &now);
       now.rlim_cur = 200;
       setrlimit(RLIMIT_NOFILE, &now);
       return [] {
         const rlimit more{201, 201};
         return judge(setrlimit(RLIMIT_NOFILE, &more), "it was raised");
       };
     }},
    {"outlive-parent", "undo that it ends with its parent (prctl)", false,
     [](const escape_ground &) -> escape_attempt {
       return [] { return judge(prctl(PR_SET_PDEATHSIG, 0), "it was undone"); };
     }},
    {"setsid", "leave the session (setsid)", false,
     [](const escape_ground &) -> escape_attempt {
       return [] { return judge(setsid(), "it has a session of its own"); };
     }},
    {"change-user", "ask for another user id (setresuid)", false,
     [](const escape_ground &) -> escape_attempt {
       return [] { return judge(syscall(SYS_setresuid, getuid(), geteuid(), -1), "the call was taken"); };
     }},
    {"shared-memory", "share memory with other processes (shmget)", false,
     [](const escape_ground &) -> escape_attempt {
       return [] {
         const int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
         const escape_outcome outcome = judge(id, "it was made");
         if (id >= 0) shmctl(id, IPC_RMID, nullptr);
         return outcome;
       };
     }},
    {"executable-memory", "make memory that can be written and executed (mmap)", false,
     [](const escape_ground &) -> escape_attempt {
       return [] {
         void *made = mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
         return judge(made == MAP_FAILED ? -1 : 0, "it was made");
       };
     }},
    {"written-then-executable", "make memory executable after writing it (mprotect)", false,
     [](const escape_ground &) -> escape_attempt {
       return [] {
         void *page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
         if (page == MAP_FAILED) return escape_outcome{escape_verdict::unclear, "there was no memory"};
         return judge(mprotect(page, 4096, PROT_READ | PROT_EXEC), "it is executable");
       };
     }},
    {"executable-file", "map code from a staged file", false,
     [](const escape_ground &ground) -> escape_attempt {
       return [ground] {
         const int fd =
             openat(ground.staging, fmt::format("code-{}", getpid()).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0700);
         if (fd < 0 || ftruncate(fd, 4096) != 0)
           return escape_outcome{escape_verdict::unclear, "no file could be staged"};
         void *made = mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
         return judge(made == MAP_FAILED ? -1 : 0, "it was mapped");
       };
     }},
    {"memory-bomb", "take more memory than is granted", false,
     [](const escape_ground &) -> escape_attempt {
       return [] {
         void *made = mmap(nullptr, std::size_t{4} << 30, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
         return judge(made == MAP_FAILED ? -1 : 0, "4 GiB were granted", {ENOMEM});
       };
     }},
    {"descriptor-flood", "open more files than is granted", false,
     [](const escape_ground &) -> escape_attempt {
       return [] {
         for (int k = 0; k < 300; ++k)
           if (dup(STDIN_FILENO) < 0) return judge(-1, "", {EMFILE});
         return escape_outcome{escape_verdict::unsafe, "300 were opened"};
       };
     }},
};

}  // namespace

std::span<const escape> process_escapes() {
  return escapes;
}

}  // namespace calque::host

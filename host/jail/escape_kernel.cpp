// SPDX-License-Identifier: Apache-2.0
// Attempts on parts of the kernel that have often had holes, or by which a process leaves its place.
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include <cstring>

#include "host/jail/escapes.hpp"

namespace calque::host {
namespace {

#if defined(__x86_64__)
constexpr long x32_bit = 0x4000'0000;

/// getpid by the 32-bit entry, where it has the number 20. A kernel without that entry sends SIGSEGV.
sigjmp_buf no_entry;
long getpid_of_32_bit() {
  signal(SIGSEGV, [](int) { siglongjmp(no_entry, 1); });
  if (sigsetjmp(no_entry, 1) != 0) return -1;
  long result = 20;
  asm volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
  return result;
}
#endif

constexpr escape escapes[] = {
    {"io-uring", "set up a ring of system calls (io_uring)", false,
     [](const escape_ground &) -> escape_attempt {
       return [] {
         io_uring_params how{};
         return judge(syscall(SYS_io_uring_setup, 1, &how), "it was set up");
       };
     }},
    {"userfaultfd", "handle page faults itself (userfaultfd)", true,
     [](const escape_ground &) -> escape_attempt {
       return [] { return judge(syscall(SYS_userfaultfd, O_CLOEXEC), "it handles them"); };
     }},
    {"perf", "measure the kernel (perf_event_open)", true,
     [](const escape_ground &) -> escape_attempt {
       return [] {
         perf_event_attr what{};
         what.size = sizeof what;
         what.type = PERF_TYPE_SOFTWARE;
         what.config = PERF_COUNT_SW_PAGE_FAULTS;
         return judge(syscall(SYS_perf_event_open, &what, 0, -1, -1, 0), "it is measured");
       };
     }},
    {"bpf", "load a map into the kernel (bpf)", true,
     [](const escape_ground &) -> escape_attempt {
       return [] {
         bpf_attr what;
         std::memset(&what, 0, sizeof what);
         what.map_type = BPF_MAP_TYPE_ARRAY;
         what.key_size = what.value_size = 4;
         what.max_entries = 1;
         return judge(syscall(SYS_bpf, BPF_MAP_CREATE, &what, sizeof what), "it was loaded");
       };
     }},
    {"mount", "mount a file system", true,
     [](const escape_ground &ground) -> escape_attempt {
       const std::string folder = ground.path(fmt::format("outside/mount-{}", getpid()));
       mkdir(folder.c_str(), 0700);
       return [folder] {
         const escape_outcome outcome = judge(mount("none", folder.c_str(), "tmpfs", 0, "size=4k"), "it was mounted");
         if (outcome.verdict == escape_verdict::unsafe) umount2(folder.c_str(), MNT_DETACH);
         return outcome;
       };
     }},
    {"user-namespace", "become root in a user namespace (unshare)", false,
     [](const escape_ground &) -> escape_attempt {
       return [] { return judge(unshare(CLONE_NEWUSER), "it is root there"); };
     }},
    {"chroot", "change the root folder (chroot)", true,
     [](const escape_ground &ground) -> escape_attempt {
       return [folder = ground.path("outside")] { return judge(chroot(folder.c_str()), "it was changed"); };
     }},
    {"keyring", "reach the keys of the user (keyctl)", false,
     [](const escape_ground &) -> escape_attempt {
       return [] {
         return judge(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 1), "they can be reached");
       };
     }},
    {"type-into-terminal", "type into the terminal (TIOCSTI)", true,
     [](const escape_ground &) -> escape_attempt {
       const int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
       if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) throw judge(-1, "");
       const int inner = open(ptsname(terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
       if (inner < 0) throw judge(-1, "");
       return [inner] { return judge(ioctl(inner, TIOCSTI, "x"), "it was typed"); };
     }},
#if defined(__x86_64__)
    {"call-of-32-bit", "call the kernel as a 32-bit program does", false,
     [](const escape_ground &) -> escape_attempt {
       return [] {
         const long pid = getpid_of_32_bit();
         return pid == getpid() ? escape_outcome{escape_verdict::unsafe, "the call was taken"}
                                : escape_outcome{escape_verdict::safe, "the kernel has no such calls"};
       };
     }},
    {"call-of-x32", "call the kernel as an x32 program does", false,
     [](const escape_ground &) -> escape_attempt {
       return [] { return judge(syscall(x32_bit | SYS_getpid), "the call was taken"); };
     }},
#endif
};

}  // namespace

std::span<const escape> kernel_escapes() {
  return escapes;
}

}  // namespace calque::host

// SPDX-License-Identifier: Apache-2.0
// Attempts to get out of the jail. Each answers `denied` or `escaped`, by raw system calls where the library asks
// first.
#include "fault.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>

namespace faults {
namespace {

outcome escaped(std::string what) {
  return {outcome::is::escaped, std::move(what)};
}

outcome open_passwd() {
  const long fd = syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return denied("open /etc/passwd");
  char line[64];
  const ssize_t n = read(static_cast<int>(fd), line, sizeof(line));
  close(static_cast<int>(fd));
  return n > 0 ? escaped("/etc/passwd was read") : denied("read /etc/passwd");
}

/// The path is the test's to name, so that it can look whether the file came to be; else it is below $HOME.
outcome write_home(const std::string &named) {
  const char *home = std::getenv("HOME");
  const std::string path = !named.empty() ? named : std::string(home == nullptr ? "/tmp" : home) + "/calque-was-here";
  const long fd = syscall(SYS_openat, AT_FDCWD, path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return denied("create " + path);
  close(static_cast<int>(fd));
  return escaped(path + " was created");
}

outcome make_socket() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return denied("socket");
  close(fd);
  return escaped("a socket was made");
}

/// To a port of this machine: a refused connection has left the jail as much as an accepted one.
outcome connect_out(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return denied("socket");
  sockaddr_in there{};
  there.sin_family = AF_INET;
  there.sin_port = htons(port);
  there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int answer = connect(fd, reinterpret_cast<const sockaddr *>(&there), sizeof(there));
  const bool left = answer == 0 || errno == ECONNREFUSED;
  const outcome ended = left ? escaped("a connection was tried") : denied("connect");
  close(fd);
  return ended;
}

/// Replaces the process where it works: the worker is then a /bin/true that ends with 0.
outcome run_program() {
  const char *const arguments[] = {"/bin/true", nullptr}, *const environment[] = {nullptr};
  syscall(SYS_execve, arguments[0], arguments, environment);
  return denied("execve");
}

/// Whether the parent is a coordinator, as far as may be known: without workers it would be the test itself.
bool may_harm_parent() {
  const std::string path = "/proc/" + std::to_string(getppid()) + "/comm";
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return true;
  char name[32] = {};
  const ssize_t n = read(fd, name, sizeof(name) - 1);
  close(fd);
  return n > 0 && std::string_view(name).starts_with("calque");
}

outcome kill_parent() {
  if (!may_harm_parent()) return {outcome::is::survived, "the parent is no calque"};
  if (syscall(SYS_kill, getppid(), SIGKILL) != 0) return denied("kill");
  return escaped("the parent was killed");
}

outcome trace_parent() {
  if (!may_harm_parent()) return {outcome::is::survived, "the parent is no calque"};
  const pid_t parent = getppid();
  if (ptrace(PTRACE_ATTACH, parent, nullptr, nullptr) != 0) return denied("ptrace");
  waitpid(parent, nullptr, __WALL);
  ptrace(PTRACE_DETACH, parent, nullptr, nullptr);
  return escaped("the parent was traced");
}

}  // namespace

outcome escape(const fault &f) {
  if (f.name == "open-passwd") return open_passwd();
  if (f.name == "write-home") return write_home(f.argument);
  if (f.name == "socket") return make_socket();
  if (f.name == "connect") return connect_out(static_cast<uint16_t>(f.number(9)));
  if (f.name == "exec") return run_program();
  if (f.name == "kill-parent") return kill_parent();
  if (f.name == "ptrace-parent") return trace_parent();
  return {outcome::is::unknown, {}};
}

}  // namespace faults

// SPDX-License-Identifier: Apache-2.0
// The child's side of describing, and the parent's.
#include "host/plugins/describe.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
extern "C" {  // glibc 2.36 leaves this out of the header
#include <sys/pidfd.h>
}
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "host/plugins/plugin_library.hpp"
#include "host/system/descriptor.hpp"

namespace calque::host {
namespace fs = std::filesystem;
namespace {

// A plugin may print while it is loaded, so what the child says stands on a line that begins with this.
constexpr std::string_view mark = "\ncalque-description ";
constexpr size_t most_output = size_t{16} << 20;  // a description has a few KiB

diagnostic problem(const fs::path &file, std::string code, std::string message, std::string hint = {}) {
  diagnostic d = error(std::move(code), std::move(message), std::move(hint));
  d.where.file = file.string();
  return d;
}

struct pipe_ends {
  descriptor read, write;
};
bool open_pipe(pipe_ends &made) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return false;
  made = {descriptor(ends[0]), descriptor(ends[1])};
  return ::fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
}

struct child_report {
  std::string out, talk;
  bool timed_out = false;
  int status = 0;  // as waitpid gives it
};

/// Takes what is there; closes at the end of the stream or when it becomes too much.
void drain(descriptor &from, std::string &to) {
  std::array<char, 16384> buffer;
  while (*from >= 0) {
    const ssize_t got = ::read(*from, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got > 0 && to.size() < most_output) {
      to.append(buffer.data(), static_cast<size_t>(got));
      continue;
    }
    from.close();
  }
}

std::optional<std::string> start(const fs::path &program, const fs::path &file, pid_t &child, pipe_ends &out,
                                 pipe_ends &talk) {
  if (!open_pipe(out) || !open_pipe(talk)) return std::string(std::strerror(errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, *out.write, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, *talk.write, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // A group of its own, so that what the plugin starts while it is loaded ends with it.
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  std::string program_name = program.string(), verb = describe_verb, file_name = file.string();
  char *const arguments[] = {program_name.data(), verb.data(), file_name.data(), nullptr};
  const int failed = posix_spawn(&child, program_name.c_str(), &actions, &attributes, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  out.write.close();
  talk.write.close();
  if (failed != 0) return std::string(std::strerror(failed));
  return std::nullopt;
}

child_report watch(pid_t child, pipe_ends &out, pipe_ends &talk, std::chrono::milliseconds most) {
  child_report report;
  const auto end = std::chrono::steady_clock::now() + most;
  descriptor ended(pidfd_open(child, 0));
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    if (left <= 0) {
      report.timed_out = true;
      break;
    }
    std::array<pollfd, 3> waiting{{{*out.read, POLLIN, 0}, {*talk.read, POLLIN, 0}, {*ended, POLLIN, 0}}};
    ::poll(waiting.data(), waiting.size(), static_cast<int>(left));
    drain(out.read, report.out);
    drain(talk.read, report.talk);
    // Not the end of the streams alone: something that the plugin started may hold them open. Where the kernel has no
    // pidfd, their end must do.
    if (waiting[2].revents != 0 || (*ended < 0 && *out.read < 0 && *talk.read < 0)) break;
  }
  // The whole group, while the child is not reaped yet: its number cannot be another's.
  ::kill(-child, SIGKILL);
  while (::waitpid(child, &report.status, 0) < 0 && errno == EINTR) {
  }
  drain(out.read, report.out);
  drain(talk.read, report.talk);
  return report;
}

/// The last line that says something, short enough for a message.
std::string last_line(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  std::string line(text.substr(text.rfind('\n') + 1));  // npos + 1 is 0
  for (char &c : line)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) c = '?';
  if (line.size() > 200) line.resize(200);
  return line;
}

}  // namespace

int describe_plugin(const fs::path &file, std::ostream &out) {
  const auto plugin = load_plugin(file);
  const auto said = plugin ? result<plugin_description>(describe(**plugin)) : result<plugin_description>(plugin.errors());
  out << mark << to_report(said) << "\n" << std::flush;
  return out ? 0 : 1;
}

result<plugin_description> describe_in_child(const fs::path &program, const fs::path &file,
                                             std::chrono::milliseconds most) {
  pid_t child = 0;
  pipe_ends out, talk;
  if (const auto failed = start(program, file, child, out, talk))
    return problem(file, "plugin.probe-failed",
                   fmt::format("{} could not be started to look at it: {}", program.string(), *failed));
  const child_report report = watch(child, out, talk, most);
  const std::string last = last_line(report.talk);
  const std::string words = last.empty() ? "" : fmt::format("; it said: {}", last);
  constexpr const char *advice = "it runs code while it is loaded, and that code fails; please report it to its author";
  if (report.timed_out)
    return problem(file, "plugin.timed-out",
                   fmt::format("it was not loaded within {} s{}", std::chrono::duration<double>(most).count(), words),
                   advice);
  const size_t begin = report.out.rfind(mark);
  const bool has_spoken = begin != std::string::npos && report.out.find('\n', begin + mark.size()) != std::string::npos;
  // Signals come first: a plugin that crashes when the process ends would do so in every run.
  if (WIFSIGNALED(report.status)) {
    const char *name = sigabbrev_np(WTERMSIG(report.status));
    return problem(file, "plugin.crashed",
                   fmt::format("it crashed (SIG{}) while it was {}{}", name == nullptr ? "?" : name,
                               has_spoken ? "put away at the end" : "loaded", words),
                   advice);
  }
  if (!has_spoken)
    return problem(file, "plugin.crashed",
                   fmt::format("it ended the process (exit code {}) while it was loaded{}", WEXITSTATUS(report.status),
                               words),
                   advice);
  const size_t first = begin + mark.size();
  auto described = parse_report(std::string_view(report.out).substr(first, report.out.find('\n', first) - first));
  if (!described)
    return problem(file, "plugin.probe-failed", "what it said of itself cannot be read",
                   "does it print to standard output while it is loaded?");
  return std::move(*described);
}

}  // namespace calque::host

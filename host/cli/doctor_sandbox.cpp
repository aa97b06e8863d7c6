// SPDX-License-Identifier: Apache-2.0
// `calque doctor --sandbox`: each attempt to break out of the jail in a process of its own, and a table of them.
#include "host/cli/doctor_sandbox.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
extern "C" {  // glibc 2.36 leaves this out of the header
#include <sys/pidfd.h>
}
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "host/jail/escapes.hpp"
#include "host/jail/jail.hpp"
#include "host/cli/program.hpp"
#include "host/pipeline/source_text.hpp"
#include "host/plugins/search_path.hpp"

namespace calque::host {
namespace {

namespace fs = std::filesystem;

constexpr int most_milliseconds = 10'000;  // for one attempt

/// A folder for the attempts that is gone afterwards.
class ground_folder {
 public:
  ground_folder() {
    std::error_code failed;
    std::string pattern = (fs::temp_directory_path(failed) / "calque-doctor-XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ground_folder(const ground_folder &) = delete;
  ground_folder &operator=(const ground_folder &) = delete;
  ~ground_folder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const std::string &path() const { return path_; }

 private:
  std::string path_;
};

escape_outcome unclear(std::string why) {
  return {escape_verdict::unclear, std::move(why)};
}

/// Starts `calque __escape NAME FOLDER ABI` and reads what came of it.
escape_outcome try_in_child(const fs::path &program_file, const escape &one, const std::string &folder,
                            unsigned newest_landlock) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return unclear(std::strerror(errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  std::string words[] = {program_file.string(), "__escape", std::string(one.name), folder,
                         std::to_string(newest_landlock)};
  char *const arguments[] = {words[0].data(), words[1].data(), words[2].data(),
                             words[3].data(), words[4].data(), nullptr};
  pid_t child = 0;
  const int failed = posix_spawn(&child, words[0].c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (failed != 0) {
    close(ends[0]);
    return unclear(std::strerror(failed));
  }
  // What it says fits the pipe, so it is read when the child has ended.
  pollfd ended{pidfd_open(child, 0), POLLIN, 0};
  const bool is_late = ended.fd >= 0 && poll(&ended, 1, most_milliseconds) == 0;
  if (is_late) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (ended.fd >= 0) close(ended.fd);
  char said[4096];
  fcntl(ends[0], F_SETFL, O_NONBLOCK);  // an attempt that worked may have left the other end open in a process
  const ssize_t got = read(ends[0], said, sizeof said);
  close(ends[0]);
  if (is_late) return unclear(fmt::format("it took more than {} s", most_milliseconds / 1000));
  return read_outcome({said, static_cast<std::size_t>(std::max<ssize_t>(got, 0))}, status);
}

const char *word_of(escape_verdict verdict) {
  return verdict == escape_verdict::safe ? "SAFE" : verdict == escape_verdict::unsafe ? "UNSAFE" : "UNCLEAR";
}

struct tried {
  escape attempt;
  escape_outcome outcome;
};

void print_for_people(program &p, const jail_tier &tier, const std::vector<tried> &all, std::size_t safe) {
  std::size_t widest = 0;
  for (const tried &one : all) widest = std::max(widest, one.attempt.what.size());
  for (const tried &one : all)
    p.data(fmt::format("{:<7}  {:<{}}  {}\n", word_of(one.outcome.verdict), one.attempt.what, widest,
                       show_text(one.outcome.how)));
  p.data(fmt::format("\n{} of {} attempts to break out were held. Jail: {}.\n", safe, all.size(), tier.name()));
  for (const std::string &lack : tier.missing) p.data(fmt::format("Missing: {}.\n", lack));
}

void print_as_json(program &p, const jail_tier &tier, const std::vector<tried> &all, std::size_t safe) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const tried &one : all)
    list.push_back({{"name", one.attempt.name},
                    {"what", one.attempt.what},
                    {"verdict", word_of(one.outcome.verdict)},
                    {"how", one.outcome.how}});
  const nlohmann::ordered_json whole{{"schema", "calque.doctor-sandbox/1"},
                                     {"jail",
                                      {{"name", tier.name()},
                                       {"landlock_abi", tier.landlock_abi},
                                       {"seccomp", tier.seccomp},
                                       {"missing", tier.missing}}},
                                     {"safe", safe},
                                     {"attempts", list}};
  p.data(whole.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace

exit_code doctor_sandbox(program &p, const doctor_options &options) {
  const ground_folder ground;
  if (ground.path().empty()) {
    p.show(
        error("jail.failed", "no folder for the attempts could be made", "set TMPDIR to a folder that can be written"));
    return exit_code::cannot_create;
  }
  if (auto made = make_escape_ground(ground.path()); !made) {
    p.show(made.errors());
    return exit_code::cannot_create;
  }
  const jail_tier tier = possible_jail(options.landlock_abi);
  std::vector<tried> all;
  std::size_t safe = 0;
  const std::vector<escape> attempts = all_escapes();
  for (const escape &one : attempts) {
    if (p.has_terminal()) p.progress({fmt::format("[{}/{}] {}", all.size(), attempts.size(), one.what)});
    all.push_back({one, try_in_child(own_program(), one, ground.path(), options.landlock_abi)});
    safe += all.back().outcome.verdict == escape_verdict::safe ? 1 : 0;
  }
  p.end_progress();
  if (options.format == "json")
    print_as_json(p, tier, all, safe);
  else
    print_for_people(p, tier, all, safe);
  if (!tier.is_whole()) {
    p.show(error("jail.incomplete", "there is no whole jail for workers here: " + tier.missing.front(),
                 "use a kernel of 5.19 or later with Landlock and seccomp, and a program built without sanitizers"));
    return exit_code::plugin_missing;
  }
  return safe == all.size() ? exit_code::ok : exit_code::some_failed;
}

exit_code try_to_escape(program &p, const escape_options &options) {
  const std::vector<escape> all = all_escapes();
  const escape *one = find_escape(all, options.name);
  if (one == nullptr) return exit_code::usage;
  p.data(outcome_line(try_escape(*one, options.folder, options.landlock_abi)));
  return exit_code::ok;
}

}  // namespace calque::host

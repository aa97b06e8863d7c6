// SPDX-License-Identifier: Apache-2.0
// Runs one attempt to break out, and tells what came of it.
#include "host/jail/escapes.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "host/jail/jail.hpp"

namespace calque::host {
namespace {

namespace fs = std::filesystem;

// What is executed may print too; the words stand on a line that begins with this.
constexpr std::string_view mark = "\ncalque-escape ";
constexpr std::string_view words[] = {"safe", "unsafe", "unclear"};

}  // namespace

escape_outcome judge(long returned, std::string_view harm, std::initializer_list<int> refusals) {
  const int error = errno;
  if (returned != -1) return {escape_verdict::unsafe, std::string(harm)};
  const char *name = strerrorname_np(error);
  const std::string called = name == nullptr ? std::to_string(error) : name;
  const bool is_refusal =
      error == EACCES || error == EPERM || std::find(refusals.begin(), refusals.end(), error) != refusals.end();
  if (is_refusal) return {escape_verdict::safe, called};
  return {escape_verdict::unclear, "it failed with " + called + ", which is no refusal"};
}

std::vector<escape> all_escapes() {
  std::vector<escape> all;
  for (const std::span<const escape> some : {file_escapes(), process_escapes(), network_escapes(), kernel_escapes()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

const escape *find_escape(std::span<const escape> among, std::string_view name) {
  const auto found = std::find_if(among.begin(), among.end(), [&](const escape &one) { return one.name == name; });
  return found == among.end() ? nullptr : &*found;
}

result<void> make_escape_ground(const std::string &folder) {
  std::error_code failed;
  for (const char *name : {"outside", "staging"}) fs::create_directories(fs::path(folder) / name, failed);
  for (const char *name : {"outside/secret.txt", "resource.txt"}) {
    std::ofstream file(fs::path(folder) / name, std::ios::binary);
    file << "nobody's business\n";
    if (!file.flush()) return error("jail.failed", fmt::format("{}/{} cannot be written", folder, name));
  }
  return {};
}

escape_outcome try_escape(const escape &one, const std::string &ground_folder,
                          std::optional<unsigned> newest_landlock) {
  escape_ground ground{ground_folder, -1};
  ground.staging = open(ground.path("staging").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (ground.staging < 0) return {escape_verdict::unclear, "there is no staging folder"};
  try {
    const escape_attempt attempt = one.prepare(ground);
    if (newest_landlock) {
      jail_rules rules;
      rules.readable = library_places();
      rules.readable.push_back(ground.path("resource.txt"));
      rules.writable_folder = ground.staging;
      rules.memory = std::uint64_t{1} << 30;
      rules.file_size = 1 << 20;
      rules.newest_landlock = *newest_landlock;
      auto tier = restrict_files(rules);
      if (!tier) return {escape_verdict::unclear, tier.error().message};
      if (auto done = restrict_calls(*tier); !done) return {escape_verdict::unclear, done.error().message};
    }
    return attempt();
  } catch (const escape_outcome &cannot) {
    return cannot;
  }
}

std::string outcome_line(const escape_outcome &outcome) {
  return fmt::format("{}{} {}\n", mark, words[static_cast<int>(outcome.verdict)], outcome.how);
}

escape_outcome read_outcome(std::string_view said, int status) {
  if (WIFSIGNALED(status)) {
    const char *name = sigabbrev_np(WTERMSIG(status));
    if (WTERMSIG(status) == SIGSYS) return {escape_verdict::safe, "SIGSYS"};
    return {escape_verdict::unclear, fmt::format("the process was ended by SIG{}", name == nullptr ? "?" : name)};
  }
  const size_t begin = said.rfind(mark);
  if (begin == std::string_view::npos)
    return {escape_verdict::unclear, fmt::format("the process ended with {} and said nothing", WEXITSTATUS(status))};
  std::string_view rest = said.substr(begin + mark.size());
  rest = rest.substr(0, rest.find('\n'));
  const size_t space = std::min(rest.find(' '), rest.size());
  const auto word = std::find(std::begin(words), std::end(words), rest.substr(0, space));
  if (word == std::end(words)) return {escape_verdict::unclear, "what the process said cannot be read"};
  return {static_cast<escape_verdict>(word - std::begin(words)),
          std::string(rest.substr(std::min(space + 1, rest.size())))};
}

}  // namespace calque::host

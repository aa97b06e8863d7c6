// SPDX-License-Identifier: Apache-2.0
// Where the records of runs lie, below OUTPUT/.calque/runs: making such a folder, finding runs, forgetting old ones.
#include "host/records/run_folder.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <tuple>

#include "host/pipeline/output_failure.hpp"
#include "host/system/calls.hpp"

namespace calque::host {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view form = "00000000T000000Z-";  // 0 stands for a digit

std::string runs_of(const std::string &output) {
  return (output.empty() ? "." : output) + "/.calque/runs";
}

/// Time, then number: as a text, process 999 would come after process 1000.
std::tuple<std::string_view, std::size_t, std::string_view> order_of(const run_folder &run) {
  const std::string_view id = run.id;
  return {id.substr(0, form.size()), id.size(), id};
}

/// A folder, and no link to one.
bool is_folder(const std::string &path) {
  struct stat info {};
  return lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

result<void> make_folder(const std::string &path) {
  if (calls::mkdir(path.c_str(), 0777) == 0) return {};
  if (errno != EEXIST) return output_failure("create the folder", path, errno);
  if (is_folder(path)) return {};
  struct stat info {};
  const bool is_link = lstat(path.c_str(), &info) == 0 && S_ISLNK(info.st_mode);
  return output_failure("write below", path, is_link ? ELOOP : ENOTDIR);
}

}  // namespace

std::string run_id(std::time_t start, pid_t process) {
  return fmt::format("{:%Y%m%dT%H%M%SZ}-{}", fmt::gmtime(start), process);
}

bool is_run_id(std::string_view name) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (name.size() <= form.size() || name.size() > form.size() + 10) return false;
  for (std::size_t k = 0; k < name.size(); ++k)
    if (k >= form.size() || form[k] == '0' ? !is_digit(name[k]) : name[k] != form[k]) return false;
  return true;
}

result<run_folder> make_run_folder(const std::string &output, std::time_t start, pid_t process) {
  const std::string runs = runs_of(output);
  if (auto made = make_folder(runs.substr(0, runs.rfind('/'))); !made.has_value()) return made.errors();
  if (auto made = make_folder(runs); !made.has_value()) return made.errors();
  for (int later = 0;; ++later) {
    const std::string id = run_id(start + later, process), path = fmt::format("{}/{}", runs, id);
    if (calls::mkdir(path.c_str(), 0777) == 0) return run_folder{id, path};
    constexpr int most_later = 3600;
    if (errno != EEXIST || later == most_later) return output_failure("create the folder", path, errno);
  }
}

std::vector<run_folder> find_runs(const std::string &output) {
  std::vector<run_folder> runs;
  const std::string folder = runs_of(output);
  if (!is_folder(folder)) return runs;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    run_folder run{entry->path().filename().string(), entry->path().string()};
    if (is_run_id(run.id) && is_folder(run.path)) runs.push_back(std::move(run));
  }
  std::sort(runs.begin(), runs.end(),
            [](const run_folder &a, const run_folder &b) { return order_of(a) < order_of(b); });
  return runs;
}

std::optional<run_folder> find_run(const std::string &output, std::string_view id) {
  for (run_folder &run : find_runs(output))
    if (run.id == id) return std::move(run);
  return std::nullopt;
}

std::optional<run_folder> last_run(const std::string &output) {
  std::vector<run_folder> runs = find_runs(output);
  if (runs.empty()) return std::nullopt;
  return std::move(runs.back());
}

std::optional<run_folder> last_finished_run(const std::string &output) {
  std::vector<run_folder> runs = find_runs(output);
  for (auto run = runs.rbegin(); run != runs.rend(); ++run)
    if (is_finished(*run)) return std::move(*run);
  return std::nullopt;
}

bool is_finished(const run_folder &run) {
  const int fd = calls::open(run.events().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return false;
  // It is the last event of a run, and a short one.
  constexpr off_t most = 65536;
  std::string tail(static_cast<std::size_t>(most), '\0');
  const off_t size = lseek(fd, 0, SEEK_END);
  const ssize_t got = size < 0 ? -1 : pread(fd, tail.data(), tail.size(), std::max<off_t>(size - most, 0));
  close(fd);
  if (got <= 0 || tail[static_cast<std::size_t>(got) - 1] != '\n') return false;
  tail.resize(static_cast<std::size_t>(got) - 1);
  const std::size_t line = tail.rfind('\n') + 1;  // npos + 1 is 0
  const auto event = nlohmann::json::parse(tail.substr(line), nullptr, false);
  return event.is_object() && event.contains("event") && event["event"] == "run-finished";
}

std::vector<std::string> keep_runs(const std::string &output, std::size_t most, std::string_view running) {
  std::vector<std::string> removed;
  std::vector<run_folder> runs = find_runs(output);
  std::size_t left = runs.size();
  for (const run_folder &run : runs) {
    if (left <= most) break;
    if (run.id == running) continue;
    std::error_code failed;
    fs::remove_all(run.path, failed);  // removes links, does not follow them
    if (failed) continue;
    removed.push_back(run.id);
    --left;
  }
  return removed;
}

}  // namespace calque::host

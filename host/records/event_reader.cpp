// SPDX-License-Identifier: Apache-2.0
// Reads the records of a run, events.ndjson, an event at a time.
#include "host/records/event_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "host/pipeline/source_text.hpp"

namespace calque::host {
namespace {

std::string text_of(json_value value) {
  return std::string(value.text());
}

std::vector<std::string> texts_of(json_value list) {
  std::vector<std::string> texts;
  for (json_value item = list.first(); item.is_there(); item = item.next()) texts.push_back(text_of(item));
  return texts;
}

std::vector<std::pair<std::string, std::uint64_t>> counts_of(json_value object) {
  std::vector<std::pair<std::string, std::uint64_t>> counts;
  if (!object.is_object()) return counts;
  for (json_value member = object.first(); member.is_there(); member = member.next())
    if (member.is_number()) counts.emplace_back(member.key(), member.count());
  return counts;
}

run_started to_run_started(json_value from) {
  run_started to;
  to.schema = text_of(from["schema"]);
  to.run = text_of(from["run"]);
  to.time = text_of(from["time"]);
  to.host = text_of(from["host"]);
  to.build = text_of(from["build"]);
  to.pipeline = text_of(from["pipeline"]);
  to.pipeline_file = text_of(from["pipeline_file"]);
  to.pipeline_digest = text_of(from["pipeline_digest"]);
  to.output = text_of(from["output"]);
  to.command = texts_of(from["command"]);
  to.inputs = from["inputs"].count();
  to.workers = from["workers"].count();
  to.pid = from["pid"].count();
  const json_value sandbox = from["sandbox"], budgets = from["budgets"];
  to.sandbox_tier = text_of(sandbox["tier"]);
  to.landlock_abi = sandbox["landlock_abi"].count();
  to.seccomp = sandbox["seccomp"].flag();
  to.sandbox_missing = texts_of(sandbox["missing"]);
  to.total_ms = budgets["total_ms"].count();
  to.silence_ms = budgets["silence_ms"].count();
  to.memory = budgets["memory"].count();
  for (json_value one = from["stages"].first(); one.is_there(); one = one.next())
    to.stages.push_back({text_of(one["name"]), text_of(one["role"]), text_of(one["id"]), text_of(one["version"]),
                         text_of(one["plugin"]), text_of(one["digest"])});
  return to;
}

input_finished to_input_finished(json_value from) {
  input_finished to;
  to.at = from["at"].number();
  to.began = from["began"].number();
  to.took = from["took"].number();
  to.input = text_of(from["input"]);
  to.status = text_of(from["status"]);
  to.replaces = text_of(from["replaces"]);
  to.detail = text_of(from["detail"]);
  to.reason = text_of(from["reason"]);
  to.quarantine = text_of(from["quarantine"]);
  to.stderr_tail = text_of(from["stderr"]);
  to.bytes = from["bytes"].count();
  to.attempt = from["attempt"].count();
  to.peak_kib = from["peak_kib"].count();
  if (from["worker"].is_number()) to.worker = from["worker"].count();
  to.is_flaky = from["flaky"].flag();
  for (json_value one = from["stages"].first(); one.is_there(); one = one.next())
    to.stages.push_back({text_of(one["name"]), text_of(one["action"]), one["ms"].number()});
  for (json_value one = from["diagnostics"].first(); one.is_there(); one = one.next())
    to.messages.push_back({text_of(one["level"]), text_of(one["code"]), text_of(one["message"]), text_of(one["hint"]),
                           text_of(one["stage"]), one["line"].count(), one["column"].count()});
  for (json_value one = from["folded"].first(); one.is_there(); one = one.next())
    to.folded.emplace_back(one["code"].text(), one["count"].count());
  for (json_value one = from["ledger"].first(); one.is_there(); one = one.next())
    to.losses.push_back({text_of(one["stage"]), text_of(one["code"]), text_of(one["thing"]), text_of(one["effect"]),
                         one["count"].count(), one["letters_before"].count(), one["letters_after"].count(),
                         one["bytes"].count()});
  for (json_value one = from["files"].first(); one.is_there(); one = one.next()) {
    ++to.files;
    to.files_bytes += one["bytes"].count();
  }
  return to;
}

std::optional<run_event> to_event(json_value from) {
  const std::string_view name = from["event"].text();
  if (name == "input-finished") return to_input_finished(from);
  if (name == "run-started") return to_run_started(from);
  if (name == "worker-started") return worker_started{from["at"].number(), from["worker"].count(), from["pid"].count()};
  if (name == "worker-ended")
    return worker_ended{from["at"].number(), from["worker"].count(), from["pid"].count(), from["documents"].count(),
                        text_of(from["reason"])};
  if (name == "notice")
    return run_notice{from["at"].number(), text_of(from["level"]), text_of(from["code"]), text_of(from["message"]),
                      text_of(from["hint"])};
  if (name == "run-finished")
    return run_finished{from["at"].number(),
                        text_of(from["outcome"]),
                        from["exit"].count(),
                        from["files_written"].count(),
                        from["bytes_written"].count(),
                        counts_of(from["counts"]),
                        counts_of(from["worker_restarts"])};
  return std::nullopt;
}

/// The line with every byte that is not UTF-8 spelled out, so that one odd name does not cost the whole event.
std::string mend_utf8(std::string_view line) {
  std::string mended;
  for (;;) {
    const auto fault = find_invalid_utf8(line);
    mended.append(line.substr(0, fault ? fault->offset : line.size()));
    if (!fault) return mended;
    line.remove_prefix(fault->offset);
    mended += take_shown(line, 0).text;
  }
}

constexpr std::string_view whitespace = " \t\r";

}  // namespace

const input_finished::message *input_finished::cause() const {
  for (const message &one : messages)
    if (one.level == "error") return &one;
  return messages.empty() ? nullptr : &messages.front();
}

result<event_reader> event_reader::open(const std::string &path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  const std::string hint = "name an output folder, or one of the folders in its .calque/runs";
  if (fd < 0)
    return error("run.no-records", fmt::format("cannot read {}: {}", show_text(path), std::strerror(errno)), hint);
  event_reader reader(fd, path);
  struct stat info {};
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
    return error("run.no-records", fmt::format("{} is not a file", show_text(path)), hint);
  reader.ahead_ = reader.read_next();
  if (reader.ahead_)
    if (const auto *start = std::get_if<run_started>(&*reader.ahead_);
        start != nullptr && start->schema != "calque.events/1")
      return error("run.unreadable-records",
                   fmt::format("{} has records of the form \"{}\", and this program reads \"calque.events/1\"",
                               show_text(path), show_text(start->schema)),
                   "read them with the program that wrote them");
  return reader;
}

event_reader::event_reader(event_reader &&other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      path_(std::move(other.path_)),
      buffer_(std::move(other.buffer_)),
      line_(std::move(other.line_)),
      used_(other.used_),
      json_(std::move(other.json_)),
      ahead_(std::move(other.ahead_)),
      damaged_(other.damaged_),
      ends_in_a_line_(other.ends_in_a_line_),
      broke_off_(other.broke_off_) {}

event_reader::~event_reader() {
  if (fd_ >= 0) close(fd_);
}

std::optional<run_event> event_reader::next() {
  return ahead_ ? std::exchange(ahead_, std::nullopt) : read_next();
}

std::optional<run_event> event_reader::read_next() {
  while (take_line()) {
    if (line_.find_first_not_of(whitespace) == std::string::npos) continue;
    bool is_json = json_.parse(line_);
    if (!is_json && find_invalid_utf8(line_)) {
      line_ = mend_utf8(line_);
      is_json = json_.parse(line_);
    }
    const json_value root = json_.root();
    if (!is_json || root["event"].text().empty()) {
      // The unfinished last line is no damage: somebody is writing it, or was when the power went.
      if (!ends_in_a_line_) ++damaged_;
      continue;
    }
    ends_in_a_line_ = false;  // what is whole needs no line end
    if (auto event = to_event(root)) return event;
  }
  return std::nullopt;
}

bool event_reader::fill() {
  constexpr std::size_t chunk = std::size_t{256} << 10;
  buffer_.resize(chunk);
  used_ = 0;
  ssize_t got = 0;
  do got = read(fd_, buffer_.data(), buffer_.size());
  while (got < 0 && errno == EINTR);
  if (got < 0) broke_off_ = true;
  buffer_.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return got > 0;
}

/// False at the end of the file. A line that is too long is counted and passed over here.
bool event_reader::take_line() {
  line_.clear();
  bool is_too_long = false;
  for (;;) {
    if (used_ == buffer_.size() && !fill()) {
      if (line_.empty() && !is_too_long) return false;
      ends_in_a_line_ = true;
      return !is_too_long;
    }
    const std::string_view rest = std::string_view(buffer_).substr(used_);
    const std::size_t end = rest.find('\n');
    const std::string_view part = rest.substr(0, end);
    if (line_.size() + part.size() > longest_line) is_too_long = true;
    if (is_too_long)
      line_.clear();
    else
      line_.append(part);
    used_ += end == std::string_view::npos ? part.size() : part.size() + 1;
    if (end == std::string_view::npos) continue;
    if (!is_too_long) return true;
    ++damaged_;
    is_too_long = false;
  }
}

}  // namespace calque::host

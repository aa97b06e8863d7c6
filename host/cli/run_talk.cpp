// SPDX-License-Identifier: Apache-2.0
// What `calque run` says while it goes on.
#include "host/cli/run_talk.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "host/records/event_reader.hpp"
#include "host/cli/pipelines.hpp"
#include "host/pipeline/source_text.hpp"
#include "host/system/bytes_io.hpp"

namespace calque::host {
namespace {

constexpr std::uint64_t most_alike = 3;      // diagnostics of one code and stage that are shown in full
constexpr std::size_t most_failures = 6;     // that the summary names
constexpr std::size_t most_slow = 3;
constexpr std::uint64_t most_source = 16 << 20;

std::string key_of(const diagnostic &d) {
  return d.code + "\n" + d.stage.substr(0, d.stage.find(' '));
}

}  // namespace

run_talk::run_talk(program &p, unsigned workers, const std::vector<named_input> &inputs)
    : p_(p), began_(std::chrono::steady_clock::now()), view_(p.has_terminal(), p.width(), workers, 0) {
  for (const named_input &input : inputs) {
    struct stat info {};
    sizes_.push_back(::stat(input.path.c_str(), &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0);
    view_.expect(sizes_.back());
  }
}

void run_talk::learn_from(const std::string &events) {
  if (!p_.has_terminal()) return;  // elsewhere nobody is told how long it will take
  auto reader = event_reader::open(events);
  if (!reader.has_value()) return;
  while (const auto event = reader.value().next())
    if (const auto *end = std::get_if<input_finished>(&*event); end != nullptr && end->worker) view_.learn(end->bytes, end->took);
}

double run_talk::now() const {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began_).count();
}

void run_talk::document_began(unsigned worker, const std::string &path, std::uint64_t bytes) {
  view_.document_started(worker, path, bytes, now());
}

void run_talk::stage_began(unsigned worker, std::string_view stage) {
  view_.stage_started(worker, stage, now());
}

void run_talk::document_given_back(unsigned worker) {
  view_.document_given_back(worker);
}

void run_talk::document_ended(const input_end &end) {
  const bool is_failure = end.status > run_status::ok_with_warnings && end.status < run_status::skipped;
  if (end.worker > 0)
    view_.document_ended(end.worker, is_failure, now());
  else
    view_.pass_over(sizes_[end.index], is_failure);
  show(end);
  const double seconds = std::chrono::duration<double>(end.took).count();
  p_.detail(end.report == nullptr
                ? fmt::format("{}: {}", show_text(end.path), name_of(end.status))
                : fmt::format("{}: {}, {} in {:.1f} ms", show_text(end.path), name_of(end.status),
                              counted(end.report->files.size(), "file"), seconds * 1000));
  if (seconds > 0) {
    slowest_.push_back({seconds, std::string(end.path)});
    std::sort(slowest_.begin(), slowest_.end(), [](const auto &a, const auto &b) { return a.seconds > b.seconds; });
    if (slowest_.size() > most_slow) slowest_.pop_back();
  }
  if (!is_failure) return;
  std::string code;
  const std::vector<diagnostic> &all = !end.diagnostics.empty() || end.report == nullptr ? end.diagnostics : end.report->diagnostics;
  for (const diagnostic &d : all)
    if (d.level == severity::error && code.empty()) code = d.code;
  const exit_code meaning = exit_code_of_input(all);
  meaning_ = failure_count_ == 0 || meaning == meaning_ ? meaning : exit_code::some_failed;
  ++failure_count_;
  if (failures_.size() < most_failures)
    failures_.push_back({std::string(end.path), std::string(name_of(end.status)) + (end.detail.empty() ? "" : " (" + end.detail + ")"), code, meaning});
}

void run_talk::show(const input_end &end) {
  const std::vector<diagnostic> &all = !end.diagnostics.empty() || end.report == nullptr ? end.diagnostics : end.report->diagnostics;
  std::vector<diagnostic> shown;
  for (diagnostic d : all) {
    if (d.level < severity::warning && !p_.is_verbose()) continue;
    if (++shown_[key_of(d)] > most_alike && !p_.is_verbose()) continue;
    d.document = end.path;
    shown.push_back(std::move(d));
  }
  if (shown.empty()) return;
  source_texts sources;
  const bool has_lines = std::any_of(shown.begin(), shown.end(), [](const diagnostic &d) { return d.where.line > 0; });
  if (has_lines)
    if (auto bytes = read_file(std::string(end.path), most_source)) sources.add(source_text(std::string(end.path), std::move(*bytes)));
  p_.show(shown, sources);
}

void run_talk::notice(const diagnostic &d) {
  // Documents that met the same are counted, not shown again.
  std::uint64_t &count = shown_[key_of(d)];
  count = std::max(count, most_alike);
  p_.show(d);
}

void run_talk::tick() {
  if (auto lines = view_.lines(now())) p_.progress(*lines);
}

void run_talk::end(const std::string &folder) {
  p_.end_progress();
  for (const auto &[key, count] : shown_) {
    if (count <= most_alike || p_.is_verbose()) continue;
    const std::string code = key.substr(0, key.find('\n'));
    p_.say(fmt::format("… and {} more of {} (calque log {} --filter code={})", count - most_alike, code, folder, code));
  }
}

}  // namespace calque::host

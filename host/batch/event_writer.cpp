// SPDX-License-Identifier: Apache-2.0
// Writes the events of a run as they happen.
#include "host/batch/event_writer.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "host/pipeline/source_text.hpp"
#include "host/records/json_writer.hpp"
#include "host/system/bytes_io.hpp"

namespace calque::host {
namespace {

using json = nlohmann::ordered_json;

double rounded(double milliseconds) {
  return std::round(milliseconds * 1000) / 1000;
}

double in_milliseconds(std::chrono::nanoseconds time) {
  return rounded(std::chrono::duration<double, std::milli>(time).count());
}

std::string_view name_of_level(severity level) {
  constexpr std::string_view names[] = {"debug", "info", "warning", "error"};
  return names[static_cast<std::size_t>(level)];
}

/// What a worker printed last, safe to show. That it is long itself, where much of it has to be written out, cuts it again.
std::string shown_end(const std::string &words) {
  constexpr std::size_t most = 64 * 1024;
  std::string shown = show_text(words, true);
  if (shown.size() <= most) return shown;
  std::size_t begin = shown.size() - most;
  while (begin < shown.size() && (static_cast<unsigned char>(shown[begin]) & 0xC0) == 0x80) ++begin;
  return shown.substr(begin);
}

void write(json_writer &out, const diagnostic &d) {
  out.begin_object();
  out.member("level", name_of_level(d.level));
  out.member("code", d.code);
  out.member("message", d.message);
  if (!d.hint.empty()) out.member("hint", d.hint);
  if (!d.stage.empty()) out.member("stage", d.stage);
  if (d.where.line > 0) {
    out.member("line", d.where.line);
    out.member("column", d.where.column);
  }
  if (d.where.source) {
    out.member("begin", d.where.source->begin);
    out.member("end", d.where.source->end);
  }
  out.end_object();
}

/// The array of that name with what `one` writes of each of those `wanted`; no array when there are none.
void write_some(json_writer &out, std::string_view name, const auto &all, auto wanted, auto one) {
  if (std::none_of(all.begin(), all.end(), wanted)) return;
  out.name(name);
  out.begin_array();
  for (const auto &item : all)
    if (wanted(item)) one(item);
  out.end_array();
}

void write_diagnostics(json_writer &out, const std::vector<diagnostic> &all) {
  write_some(out, "diagnostics", all, [](const diagnostic &d) { return d.level >= severity::warning; },
             [&](const diagnostic &d) { write(out, d); });
  write_some(out, "folded", all, [](const diagnostic &d) { return d.count > 1; }, [&](const diagnostic &d) {
    out.begin_object();
    out.member("code", d.code);
    out.member("count", d.count);
    out.end_object();
  });
}

void write(json_writer &out, const ledger &account) {
  out.name("ledger");
  out.begin_array();
  for (const ledger_entry &one : account.entries()) {
    out.begin_object();
    out.member("stage", one.stage);
    out.member("code", one.code);
    out.member("thing", thing_name(one.thing));
    out.member("effect", effect_name(one.effect));
    out.member("count", one.count);
    out.member("letters_before", one.letters_before);
    out.member("letters_after", one.letters_after);
    out.member("bytes", one.bytes);
    out.end_object();
  }
  out.end_array();
}

void write_plan(json_writer &out, const decision &plan) {
  out.member("reason", name_of(plan.why));
  write_some(out, "changed", plan.changed, [](const changed_field &) { return true; }, [&](const changed_field &one) {
    out.begin_object();
    out.member("field", one.field);
    out.member("old", one.before);
    out.member("new", one.after);
    out.end_object();
  });
}

}  // namespace

event_writer::event_writer(std::vector<std::string> stages, clock::time_point began)
    : stages_(std::move(stages)), began_(began) {}

double event_writer::milliseconds(clock::time_point when) const {
  return in_milliseconds(when - began_);
}

void event_writer::write(std::string_view event, const json &fields) {
  json line{{"seq", next_++}, {"event", event}};
  if (event != "run-started") line["at"] = milliseconds(clock::now());
  line.update(fields);
  // Names of files may hold any bytes.
  pending_ += line.dump(-1, ' ', false, json::error_handler_t::replace);
  pending_ += '\n';
}

// There is one of these for each input, so no tree is made for it.
void event_writer::write(const input_end &end) {
  json_writer out(pending_);
  out.begin_object();
  out.member("seq", next_++);
  out.member("event", std::string_view("input-finished"));
  out.member("at", milliseconds(clock::now()));
  out.member("input", end.path);
  if (end.plan != nullptr && end.plan->input.size > 0) {
    out.member("digest", to_hex(end.plan->input.sha256));
    out.member("bytes", end.plan->input.size);
  }
  out.member("status", name_of(end.status));
  if (end.replaces) out.member("replaces", name_of(*end.replaces));
  if (!end.detail.empty()) out.member("detail", end.detail);
  if (end.plan != nullptr && end.plan->errors.empty()) write_plan(out, *end.plan);
  if (end.worker > 0) {
    out.member("worker", end.worker);
    out.member("attempt", end.attempt);
    out.member("began", in_milliseconds(end.began));
    out.member("took", in_milliseconds(end.took));
    if (end.peak_kib > 0) out.member("peak_kib", end.peak_kib);
  }
  if (end.report != nullptr) write_report(out, *end.report, is_done(end.status));
  const auto always = [](const auto &) { return true; };
  write_some(out, "removed", end.removed, always, [&](const std::string &path) { out.value(path); });
  write_diagnostics(out, !end.diagnostics.empty() || end.report == nullptr ? end.diagnostics : end.report->diagnostics);
  if (!end.quarantine.empty()) out.member("quarantine", end.quarantine);
  if (!end.last_words.empty()) out.member("stderr", shown_end(end.last_words));
  if (end.is_flaky) out.member("flaky", true);
  out.end_object();
  pending_ += '\n';
}

void event_writer::write_report(json_writer &out, const job_report &report, bool with_files) const {
  out.name("stages");
  out.begin_array();
  for (const stage_time &one : report.stages) {
    out.begin_object();
    out.member("name", one.stage == 0 || one.stage > stages_.size() ? report.importer : stages_[one.stage - 1]);
    out.member("action", name_of(one.action));
    out.member("ms", rounded(one.milliseconds));
    out.end_object();
  }
  out.end_array();
  out.name("parts");
  out.begin_array();
  for (std::size_t k = 0; k < report.parts.size(); ++k) {
    out.begin_object();
    out.member("part", k + 1);
    out.member("status", name_of(report.parts[k]));
    out.end_object();
  }
  out.end_array();
  if (with_files) {
    out.name("files");
    out.begin_array();
    for (const reported_file &one : report.files) {
      out.begin_object();
      out.member("path", one.file.path);
      out.member("bytes", one.file.size);
      out.member("sha256", to_hex(one.file.sha256));
      out.member("media_type", one.file.media_type);
      out.member("stage", one.stage > 0 && one.stage <= stages_.size() ? std::string_view(stages_[one.stage - 1]) : "");
      out.member("action", std::string_view(one.staged.empty() ? "unchanged" : "written"));
      out.end_object();
    }
    out.end_array();
  }
  calque::host::write(out, report.account);
}

void event_writer::flush() {
  if (pending_.empty()) return;
  for (const descriptor &target : targets_)
    if (const int failed = write_whole(*target, pending_); failed != 0 && trouble_ == 0) trouble_ = failed;
  pending_.clear();
}

}  // namespace calque::host

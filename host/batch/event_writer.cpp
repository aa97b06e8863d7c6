// SPDX-License-Identifier: Apache-2.0
// Writes the events of a run as they happen.
#include "host/batch/event_writer.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "host/pipeline/source_text.hpp"
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

json value_of(const diagnostic &d) {
  json value{{"level", name_of_level(d.level)}, {"code", d.code}, {"message", d.message}};
  if (!d.hint.empty()) value["hint"] = d.hint;
  if (!d.stage.empty()) value["stage"] = d.stage;
  if (d.where.line > 0) {
    value["line"] = d.where.line;
    value["column"] = d.where.column;
  }
  if (d.where.source) {
    value["begin"] = d.where.source->begin;
    value["end"] = d.where.source->end;
  }
  return value;
}

void add_diagnostics(json &value, const std::vector<diagnostic> &all) {
  json list = json::array(), folded = json::array();
  for (const diagnostic &d : all) {
    if (d.level >= severity::warning) list.push_back(value_of(d));
    if (d.count > 1) folded.push_back({{"code", d.code}, {"count", d.count}});
  }
  if (!list.empty()) value["diagnostics"] = std::move(list);
  if (!folded.empty()) value["folded"] = std::move(folded);
}

json value_of(const ledger &account) {
  json list = json::array();
  for (const ledger_entry &one : account.entries())
    list.push_back({{"stage", one.stage},
                    {"code", one.code},
                    {"thing", thing_name(one.thing)},
                    {"effect", effect_name(one.effect)},
                    {"count", one.count},
                    {"letters_before", one.letters_before},
                    {"letters_after", one.letters_after},
                    {"bytes", one.bytes}});
  return list;
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

void event_writer::write(const input_end &end) {
  json value{{"input", end.path}};
  if (end.plan != nullptr && end.plan->input.size > 0) {
    value["digest"] = to_hex(end.plan->input.sha256);
    value["bytes"] = end.plan->input.size;
  }
  value["status"] = name_of(end.status);
  if (!end.detail.empty()) value["detail"] = end.detail;
  if (end.plan != nullptr && end.plan->errors.empty()) {
    value["reason"] = name_of(end.plan->why);
    if (!end.plan->changed.empty()) {
      json changed = json::array();
      for (const changed_field &one : end.plan->changed)
        changed.push_back({{"field", one.field}, {"old", one.before}, {"new", one.after}});
      value["changed"] = std::move(changed);
    }
  }
  if (end.worker > 0) {
    value["worker"] = end.worker;
    value["attempt"] = end.attempt;
    value["began"] = in_milliseconds(end.began);
    value["took"] = in_milliseconds(end.took);
    if (end.peak_kib > 0) value["peak_kib"] = end.peak_kib;
  }
  if (const job_report *report = end.report) {
    json stages = json::array();
    for (const stage_time &one : report->stages)
      stages.push_back({{"name", one.stage == 0 || one.stage > stages_.size() ? report->importer : stages_[one.stage - 1]},
                        {"action", name_of(one.action)},
                        {"ms", rounded(one.milliseconds)}});
    value["stages"] = std::move(stages);
    json parts = json::array();
    for (std::size_t k = 0; k < report->parts.size(); ++k)
      parts.push_back({{"part", k + 1}, {"status", name_of(report->parts[k])}});
    value["parts"] = std::move(parts);
    if (is_done(end.status)) {
      json files = json::array();
      for (const reported_file &one : report->files)
        files.push_back({{"path", one.file.path},
                         {"bytes", one.file.size},
                         {"sha256", to_hex(one.file.sha256)},
                         {"media_type", one.file.media_type},
                         {"stage", one.stage > 0 && one.stage <= stages_.size() ? stages_[one.stage - 1] : ""},
                         {"action", one.staged.empty() ? "unchanged" : "written"}});
      value["files"] = std::move(files);
    }
    value["ledger"] = value_of(report->account);
  }
  if (!end.removed.empty()) value["removed"] = end.removed;
  add_diagnostics(value, !end.diagnostics.empty() || end.report == nullptr ? end.diagnostics : end.report->diagnostics);
  if (!end.quarantine.empty()) value["quarantine"] = end.quarantine;
  if (!end.last_words.empty()) value["stderr"] = shown_end(end.last_words);
  if (end.is_flaky) value["flaky"] = true;
  write("input-finished", value);
}

void event_writer::flush() {
  if (pending_.empty()) return;
  for (const descriptor &target : targets_)
    if (const int failed = write_whole(*target, pending_); failed != 0 && trouble_ == 0) trouble_ = failed;
  pending_.clear();
}

}  // namespace calque::host
